-- What stands between scripts and the host. Functions of the host never raise an error, as that would unwind their frames: they return
-- false and a message, and the error is raised here, at the line of the script that called.
local call, read, folder, isUnsafe, hasJit, isInterrupted = ...
local error, load, pcall, xpcall, resume, sethook = error, load, pcall, xpcall, coroutine.resume, debug.sethook
local find, gmatch, gsub, type = string.find, string.gmatch, string.gsub, type

-- A tail call leaves no frame, so that level 2 is whoever called the function of the host.
local function finish(isDone, ...)
    if isDone then
        return ...
    end
    error((...), 2)
end

local function wrap(index)
    return function(...)
        return finish(call(index, ...))
    end
end

-- Functions of the host that are called often know themselves, and need no number.
local function native(body)
    return function(...)
        return finish(body(...))
    end
end

local function class(name, methods, getters, setters, get, set, text, equal, invoke)
    return {
        __name = name,
        __metatable = name,
        __index = function(object, key)
            local method = methods[key]
            if method ~= nil then
                return method
            end
            local getter = getters[key]
            if getter ~= nil then
                return finish(getter(object))
            end
            return finish(call(get, object, key))
        end,
        __newindex = function(object, key, value)
            local setter = setters[key]
            if setter ~= nil then
                return finish(setter(object, value))
            end
            return finish(call(set, object, key, value))
        end,
        __tostring = function(object)
            return finish(call(text, object))
        end,
        __eq = function(one, other)
            return finish(call(equal, one, other))
        end,
        __call = function(...)
            return finish(call(invoke, ...))
        end,
    }
end

-- A script that is to end does not go on because it catches errors.
local message = "interrupted: it ran for too long, or the process is stopping"

local function checked(isDone, ...)
    if not isDone and isInterrupted() then
        error(message, 0)
    end
    return isDone, ...
end

function _G.pcall(...)
    return checked(pcall(...))
end

-- A handler runs where the error was raised, which for this one is where no hook reaches.
function _G.xpcall(chunk, handler, ...)
    return checked(xpcall(chunk, function(problem)
        if isInterrupted() then
            return problem
        end
        return handler(problem)
    end, ...))
end

function coroutine.resume(...)
    return checked(resume(...))
end

-- Often enough that nobody waits for it, seldom enough that it costs nothing.
local instructions = 100000
sethook(function()
    if isInterrupted() then
        error(message, 2)
    end
end, "", instructions)

-- Files are read by the host, which knows what may be read; those of bytecode are refused, as LuaJIT trusts it blindly.
local mode = isUnsafe and "bt" or "t"

function _G.load(text, name, _, ...)
    return load(text, name, mode, ...)
end

function _G.loadstring(text, name)
    return load(text, name, mode)
end

function _G.loadfile(path)
    local isRead, text = read(path)
    if not isRead then
        return nil, text
    end
    return load(text, "@" .. path, mode)
end

local function run(path)
    local chunk, problem = _G.loadfile(path)
    if not chunk then
        error(problem, 2)
    end
    return chunk()
end

_G.dofile, _G.include = run, run

package.path = folder .. "/?.lua;" .. folder .. "/?/init.lua"
package.loaders = {
    package.loaders[1],
    function(name)
        local tried = ""
        for pattern in gmatch(package.path, "[^;]+") do
            local path = gsub(pattern, "?", (gsub(gsub(name, "%.", "/"), "%%", "%%%%")))
            local isRead, text = read(path)
            if isRead then
                local chunk, problem = load(text, "@" .. path, mode)
                if not chunk then
                    error(problem, 0)
                end
                return chunk
            elseif not find(text, "no such file", 1, true) then
                error(text, 0)
            end
            tried = tried .. "\n\tno file '" .. path .. "'"
        end
        return tried
    end,
}

if not hasJit then
    jit.on = function()
        error("the compiler is off: start with --lua-jit", 2)
    end
end

if not isUnsafe then
    local function forbid(owner, name, label)
        owner[name] = function()
            error(label .. " is off: start with --lua-unsafe if the configuration has to run commands or native code", 2)
        end
    end
    forbid(os, "execute", "os.execute")
    forbid(io, "popen", "io.popen")
    forbid(package, "loadlib", "package.loadlib")
    forbid(debug, "sethook", "debug.sethook")
    package.cpath = ""
    package.loaded.ffi = nil
    package.preload.ffi = function()
        error("ffi is off: start with --lua-unsafe if the configuration has to reach native code", 3)
    end
end

return wrap, native, class
