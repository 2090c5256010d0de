using YoloTune.Basics;

namespace YoloTune.Tests.Fuzz;

/// <summary>A reader that is given files it does not expect.</summary>
/// <param name="Name">Its name; also that of its folder under Corpus.</param>
/// <param name="Extension">The extension of its files.</param>
/// <param name="Seeds">Good files, from which the others are made.</param>
/// <param name="Tokens">Pieces that mean something in its format.</param>
/// <param name="Read">Reads a file; throws a <see cref="YoloTuneException"/> where it refuses, and nothing else.</param>
/// <param name="MaxAllocatedBytes">The most memory that reading a file may allocate, all in all.</param>
internal sealed record FuzzTarget(
    string Name, string Extension, Func<IEnumerable<byte[]>> Seeds, IReadOnlyList<byte[]> Tokens, Action<string> Read,
    long MaxAllocatedBytes);
