using Xunit;

// libtorch uses every core already; tests side by side only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
