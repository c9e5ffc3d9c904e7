-- What stands for LuaJIT's ffi: functions of ours in C, and enough of the rest for scripts that were written for dnsdist. What points to one value, or to the
-- first of several, is a table whose first key is 0; a string stands for bytes, wherever C has a pointer and a length.
local C = __ffi
__ffi = nil

local find, match, sub, type, tostring, setmetatable, rawset = string.find, string.match, string.sub, type, tostring, setmetatable, rawset
local Q = "dnsdist_ffi_dnsquestion_"

-- get(dq, pointer, length) writes through both; get(dq) gives the bytes.
local function bytes(name)
    local get = C[Q .. name]
    C[Q .. name] = function(dq, pointer, length)
        local value = get(dq)
        if pointer == nil then
            return value
        end
        pointer[0] = value
        if length ~= nil then
            length[0] = #value
        end
    end
end

bytes("get_qname_raw")
bytes("get_localaddr")
bytes("get_remoteaddr")
bytes("get_sni")

local masked = C[Q .. "get_masked_remoteaddr"]
C[Q .. "get_masked_remoteaddr"] = function(dq, pointer, length, bits)
    local value = masked(dq, bits or pointer)
    if bits == nil then
        return value
    end
    pointer[0], length[0] = value, #value
end

local trailing = C[Q .. "get_trailing_data"]
C[Q .. "get_trailing_data"] = function(dq, pointer)
    local value = trailing(dq)
    if pointer == nil then
        return value
    end
    pointer[0] = value
    return #value
end

-- get(dq, pointer) has it point to rows, counted from 0, and gives how many there are.
local function rows(name)
    local get = C[Q .. name]
    C[Q .. name] = function(dq, pointer)
        local list = get(dq)
        local count = #list
        for i = 0, count - 1 do
            list[i] = list[i + 1]
        end
        if pointer ~= nil then
            pointer[0] = list
            return count
        end
        return list, count
    end
end

rows("get_edns_options")
rows("get_http_headers")
rows("get_tag_array")

local tag = C[Q .. "get_tag"]
C[Q .. "get_tag_raw"] = function(dq, label, buffer, size)
    local value = tag(dq, label)
    if value == nil then
        return 0
    end
    if size ~= nil and #value > size then
        value = sub(value, 1, size)
    end
    buffer[0] = value
    return #value
end

local setTag = C[Q .. "set_tag"]
C[Q .. "set_tag_raw"] = function(dq, label, value, size)
    setTag(dq, label, sub(value, 1, size))
end

local setResult = C[Q .. "set_result"]
C[Q .. "set_result"] = function(dq, value, size)
    setResult(dq, size ~= nil and sub(value, 1, size) or value)
end

local setError = C[Q .. "set_extended_dns_error"]
C[Q .. "set_extended_dns_error"] = function(dq, code, text, size)
    setError(dq, code, text ~= nil and size ~= nil and sub(text, 1, size) or text)
end

local setHttp = C[Q .. "set_http_response"]
C[Q .. "set_http_response"] = function(dq, status, body, size, contentType)
    setHttp(dq, status, size ~= nil and sub(body, 1, size) or body, contentType)
end

local setTrailing = C[Q .. "set_trailing_data"]
C[Q .. "set_trailing_data"] = function(dq, data, size)
    return setTrailing(dq, size ~= nil and sub(data, 1, size) or data)
end

local spoofPacket = C[Q .. "spoof_packet"]
C[Q .. "spoof_packet"] = function(dq, packet, size)
    packet = size ~= nil and sub(packet, 1, size) or packet
    spoofPacket(dq, packet)
    dq.dh:setQR(true)
end

local spoofRaw = C[Q .. "spoof_raw"]
C[Q .. "spoof_raw"] = function(dq, values, count)
    if count == nil then
        return spoofRaw(dq, values)
    end
    local list = {}
    for i = 0, count - 1 do
        local value = values[i].value
        if type(value) == "table" then
            value = value[0]
        end
        list[i + 1] = values[i].size ~= nil and sub(value, 1, values[i].size) or value
    end
    spoofRaw(dq, list)
end

setmetatable(C, {
    __index = function(_, name)
        error("ffi.C has no '" .. tostring(name) .. "' here: docs/scripts.md lists what it has", 2)
    end,
})

-- A struct comes into being when it is reached for.
local structs = {
    __index = function(list, index)
        local struct = {}
        rawset(list, index, struct)
        return struct
    end,
}

local ffi = { C = C }

function ffi.cdef()
end

function ffi.cast(_, value)
    return value
end

function ffi.typeof(name)
    return name
end

function ffi.new(name, ...)
    local first = ...
    if type(first) == "string" then
        return { [0] = first }
    elseif find(name, "_t%s*%[") and not match(name, "^u?int%d*_t") and not match(name, "^size_t") then
        return setmetatable({}, structs)
    elseif find(name, "%*") or find(name, "^char") or find(name, "^const char") then
        return {}
    end
    return { [0] = 0 }
end

function ffi.string(value, length)
    if type(value) == "table" then
        value = value[0]
    end
    return length ~= nil and sub(value, 1, length) or value
end

-- With --lua-unsafe there is the library itself, whose C has nothing of dnsdist's.
local isThere, real = pcall(require, "ffi")
if isThere then
    setmetatable(ffi, { __index = real })
end

package.loaded.ffi = ffi
package.preload.ffi = function()
    return ffi
end
