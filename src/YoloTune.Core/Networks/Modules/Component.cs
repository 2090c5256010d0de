using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace YoloTune.Networks.Modules;

/// <summary>The base of all modules of this project: registers children, parameters and buffers under the reference's names.</summary>
/// <typeparam name="TInput">What <c>forward</c> takes.</typeparam>
/// <typeparam name="TResult">What <c>forward</c> returns.</typeparam>
internal abstract class Component<TInput, TResult> : torch.nn.Module<TInput, TResult>, IReferenceModule
{
    /// <summary>Creates a module without children.</summary>
    /// <param name="classPath">The dotted path of its Python counterpart.</param>
    protected Component(string classPath) : base(classPath[(classPath.LastIndexOf('.') + 1)..]) => ClassPath = classPath;

    /// <inheritdoc />
    public string ClassPath { get; }

    /// <inheritdoc />
    public virtual IReadOnlyList<KeyValuePair<string, object?>> Attributes => [];

    // Everything is registered by name; TorchSharp would register fields of other names a second time.
    /// <inheritdoc />
    protected sealed override void RegisterComponents()
    {
    }

    /// <summary>Registers a child under the name it has in a state dict, and returns it.</summary>
    protected T Child<T>(string name, T module) where T : torch.nn.Module
    {
        register_module(name, module);
        return module;
    }

    /// <summary>Registers a parameter that outlives the surrounding dispose scope, and returns it.</summary>
    protected Parameter Weight(string name, torch.Tensor value, bool requiresGrad = true)
    {
        Parameter parameter = new(value, requiresGrad);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>Registers a buffer that outlives the surrounding dispose scope, and returns it.</summary>
    protected torch.Tensor Buffer(string name, torch.Tensor value)
    {
        register_buffer(name, value.DetachFromDisposeScope());
        return value;
    }
}
