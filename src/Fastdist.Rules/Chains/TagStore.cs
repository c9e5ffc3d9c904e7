using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Fastdist.Rules.Chains;

/// <summary>
/// The tags on a shard's queries: short lists, each known by the number of its first tag, 0 for an empty one. It grows to what was needed at once and stays
/// there, so that a busy shard puts tags on without allocating.
/// </summary>
public sealed class TagStore
{
    private readonly List<Tag> _tags = [default];
    private int _free;

    /// <summary>Tags that are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Looks for a tag.</summary>
    /// <param name="list">The list.</param>
    /// <param name="name">The tag's name.</param>
    /// <param name="value">Its value.</param>
    public bool TryGet(int list, string name, [NotNullWhen(true)] out string? value)
    {
        for (int at = list; at != 0; at = _tags[at].Next)
        {
            if (_tags[at].Name == name)
            {
                value = _tags[at].Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Puts a tag on, in the place of one of its name.</summary>
    /// <returns>The list from now on.</returns>
    public int Set(int list, string name, string value)
    {
        for (int at = list; at != 0; at = _tags[at].Next)
        {
            ref Tag tag = ref At(at);
            if (tag.Name == name)
            {
                tag.Value = value;
                return list;
            }
        }

        return Take(new Tag { Name = name, Value = value, Next = list });
    }

    /// <summary>Takes a tag off.</summary>
    /// <returns>The list from now on.</returns>
    public int Unset(int list, string name)
    {
        int before = 0;
        for (int at = list; at != 0; before = at, at = _tags[at].Next)
        {
            if (_tags[at].Name != name)
            {
                continue;
            }

            int next = _tags[at].Next;
            Free(at);
            if (before == 0)
            {
                return next;
            }

            At(before).Next = next;
            return list;
        }

        return list;
    }

    /// <summary>Gives a list back.</summary>
    public void Release(int list)
    {
        while (list != 0)
        {
            int next = _tags[list].Next;
            Free(list);
            list = next;
        }
    }

    /// <summary>The tags of a list.</summary>
    public IEnumerable<(string Name, string Value)> Of(int list)
    {
        for (int at = list; at != 0; at = _tags[at].Next)
        {
            yield return (_tags[at].Name, _tags[at].Value);
        }
    }

    private ref Tag At(int place) => ref CollectionsMarshal.AsSpan(_tags)[place];

    private int Take(Tag tag)
    {
        Count++;
        if (_free == 0)
        {
            _tags.Add(tag);
            return _tags.Count - 1;
        }

        int place = _free;
        _free = _tags[place].Next;
        At(place) = tag;
        return place;
    }

    private void Free(int place)
    {
        Count--;
        At(place) = new Tag { Next = _free };
        _free = place;
    }

    private struct Tag
    {
        public string Name;
        public string Value;
        public int Next;
    }
}
