using Fastdist.Control.Commands.Syntax;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Control.Commands;

/// <summary>A function that is not called.</summary>
internal sealed record FunctionValue(string Name) : Value
{
    public override string Kind => "a function";
}

/// <summary>What a command printed, each line ended.</summary>
internal sealed record PrintedValue(string Text) : Value
{
    public override string Kind => "printed text";
}

/// <summary>A policy.</summary>
internal sealed record PolicyValue(PolicyKind Policy) : Value
{
    public override string Kind => "a policy";
}

/// <summary>A backend.</summary>
internal sealed record ServerValue(BackendView Server) : Value
{
    public override string Kind => "a server";
}

/// <summary>A frontend that speaks TLS, or HTTP.</summary>
internal sealed record FrontendValue(FrontendView Frontend) : Value
{
    public override string Kind => "a frontend";
}
