using System.Runtime.CompilerServices;

// The function pointers given to OpenSSL are the room's own declarations, which need this.
[assembly: DisableRuntimeMarshalling]
