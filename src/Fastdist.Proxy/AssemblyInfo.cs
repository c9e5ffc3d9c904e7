using System.Runtime.CompilerServices;

// Every struct that crosses into C here is blittable: no marshalling code, no hidden copies.
[assembly: DisableRuntimeMarshalling]
