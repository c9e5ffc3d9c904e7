using System.Runtime.CompilerServices;

// The function pointers given to nghttp2 are the room's own declarations, which need this.
[assembly: DisableRuntimeMarshalling]
