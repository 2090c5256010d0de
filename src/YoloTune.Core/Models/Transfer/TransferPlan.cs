namespace YoloTune.Models.Transfer;

/// <summary>The whole decision of a transfer, item by item, before anything is copied.</summary>
public sealed class TransferPlan
{
    internal TransferPlan(TransferSource source, IReadOnlyList<TransferItem> items, ClassMatch classes)
    {
        Source = source;
        Items = items;
        Classes = classes;
    }

    /// <summary>Where the values come from.</summary>
    public TransferSource Source { get; }

    /// <summary>One entry a state-dict item of the target, in state-dict order.</summary>
    public IReadOnlyList<TransferItem> Items { get; }

    /// <summary>Which class row goes where.</summary>
    public ClassMatch Classes { get; }

    /// <summary>
    /// Items that count as transferred: copied whole, plus the first convolution when its overlapping block is copied. Class rows that
    /// are matched by name are not counted, so that the figure equals the reference's.
    /// </summary>
    public int Transferred => Items.Count(item => item.Status == TransferStatus.Transfer || IsFirstConvolutionBlock(item));

    /// <summary>All items of the target's state dict: parameters and buffers.</summary>
    public int Total => Items.Count;

    /// <summary>Why the transfer does nothing at all; null where it copies something.</summary>
    public string? Warning
    {
        get
        {
            if (Items.Any(item => item.Status is TransferStatus.Transfer or TransferStatus.Partial)) return null;
            return Items.FirstOrDefault(item => item.Status == TransferStatus.ShapeMismatch) is { } other
                ? $"Nothing is transferred from {Source.Name}: no item has the shape it has there, "
                    + $"{other.Name} [{string.Join(", ", other.SourceShape!)}] "
                    + $"for [{string.Join(", ", other.TargetShape)}] here. Check the architecture, its scale letter included."
                : $"Nothing is transferred from {Source.Name}: no name agrees. "
                    + $"Its names are like '{Source.State.Keys.FirstOrDefault()}', the model's like "
                    + $"'{Items.FirstOrDefault(item => item.Status != TransferStatus.Excluded)?.Name}'. Check that it is of a YOLO model.";
        }
    }

    /// <summary>The plan in one sentence.</summary>
    public override string ToString() => $"Transfer {Transferred}/{Total} items from {Source.Name}";

    /// <summary>Copies the values into the model and marks each item's origin.</summary>
    /// <param name="model">The model the plan was made for.</param>
    public TransferReport Execute(YoloModel model)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var noGrad = TorchSharp.torch.no_grad();
        foreach (TransferItem item in Items)
        {
            if (item.Status is not (TransferStatus.Transfer or TransferStatus.Partial)) continue;
            ModelItem target = model.Item(item.Name);
            TorchSharp.torch.Tensor source = Source.State[item.Name];
            if (item.Status == TransferStatus.Transfer)
            {
                target.Tensor.copy_(source);
                target.Origin = Origin.Transferred;
            }
            else
            {
                if (IsFirstConvolutionBlock(item)) CopyBlock(source, target.Tensor);
                else CopyRows(source, target.Tensor, Classes.Rows);
                target.Origin = Origin.Remapped;
            }
        }
        model.Transfer = Preview();
        return model.Transfer;
    }

    /// <summary>The report that <see cref="Execute"/> would give.</summary>
    public TransferReport Preview() =>
        new(Transferred, Total, Source.Name, Items) { MatchedClasses = Classes.Rows.Count, Warning = Warning };

    internal static bool IsFirstConvolutionBlock(TransferItem item) =>
        item is { Status: TransferStatus.Partial, Name: TransferPlanner.FirstConvolution };

    private static void CopyBlock(TorchSharp.torch.Tensor source, TorchSharp.torch.Tensor target)
    {
        long outputs = Math.Min(source.shape[0], target.shape[0]), inputs = Math.Min(source.shape[1], target.shape[1]);
        target.narrow(0, 0, outputs).narrow(1, 0, inputs).copy_(source.narrow(0, 0, outputs).narrow(1, 0, inputs));
    }

    private static void CopyRows(TorchSharp.torch.Tensor source, TorchSharp.torch.Tensor target,
        IReadOnlyList<(int Target, int Source)> rows)
    {
        foreach ((int to, int from) in rows) target.select(0, to).copy_(source.select(0, from));
    }
}
