using System.Collections.Generic;

namespace Fastdist.Lua;

/// <summary>A kind of object that scripts get from the host.</summary>
/// <param name="name">As scripts' users know it, for instance <c>Server</c>.</param>
public sealed class LuaClass(string name)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>What one is, with its article, for messages.</summary>
    public string Kind { get; init; } = $"a {name}";

    /// <summary>Its methods; the first argument is the object.</summary>
    public IReadOnlyDictionary<string, LuaBody> Methods { get; init; } = new Dictionary<string, LuaBody>();

    /// <summary>Methods that are called often.</summary>
    public IReadOnlyDictionary<string, LuaNative> Natives { get; init; } = new Dictionary<string, LuaNative>();

    /// <summary>Fields that are read often; called with the object.</summary>
    public IReadOnlyDictionary<string, LuaNative> Getters { get; init; } = new Dictionary<string, LuaNative>();

    /// <summary>Fields that are written often; called with the object and the value.</summary>
    public IReadOnlyDictionary<string, LuaNative> Setters { get; init; } = new Dictionary<string, LuaNative>();

    /// <summary>Reads what is no method: called with the object and the key.</summary>
    public LuaBody Get { get; init; } = call => throw new LuaException($"a {name} has no field '{call[1]}'");

    /// <summary>Writes a field: called with the object, the key and the value.</summary>
    public LuaBody Set { get; init; } = call => throw new LuaException($"a {name} has no field '{call[1]}' that can be set");

    /// <summary>What tostring says: called with the object.</summary>
    public LuaBody Text { get; init; } = _ => LuaValue.Of(name);

    /// <summary>What happens when the object itself is called as a function.</summary>
    public LuaBody Invoke { get; init; } = _ => throw new LuaException($"a {name} cannot be called");
}
