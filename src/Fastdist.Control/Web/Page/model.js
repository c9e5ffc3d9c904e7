// What the page makes of the counters: rates and percentiles, from snapshots that are compared.

export const HISTORY_MS = 300_000;
const RATE_MS = 5_000;
const MINUTE_MS = 60_000;

/** The snapshots of the last minutes of one run of the server. */
export class History {
  snapshots = [];

  /** Takes a snapshot in; one of another run of the server begins anew. */
  add(snapshot) {
    const last = this.snapshots.at(-1);
    if (last && (last.run !== snapshot.run || last.uptimeMs >= snapshot.uptimeMs)) {
      if (last.run === snapshot.run) {
        return;
      }
      this.snapshots = [];
    }
    this.snapshots.push(snapshot);
    const oldest = snapshot.uptimeMs - HISTORY_MS;
    while (this.snapshots.length > 2 && this.snapshots[1].uptimeMs <= oldest) {
      this.snapshots.shift();
    }
  }

  get latest() {
    return this.snapshots.at(-1);
  }

  /** How far back the snapshots reach, milliseconds. */
  get age() {
    return this.latest.uptimeMs - this.snapshots[0].uptimeMs;
  }

  /** The snapshot that is as old as this, or the oldest there is. */
  before(age) {
    const until = this.latest.uptimeMs - age;
    let found = this.snapshots[0];
    for (const snapshot of this.snapshots) {
      if (snapshot.uptimeMs > until) {
        break;
      }
      found = snapshot;
    }
    return found;
  }

  /** What counts are compared with: null for nothing, so that they are since the start. */
  baseline(window) {
    return window === "start" ? null : this.before(MINUTE_MS);
  }

  /** How much a number of the snapshot grows in a second. */
  rate(read) {
    const before = this.before(RATE_MS);
    const ms = this.latest.uptimeMs - before.uptimeMs;
    return ms > 0 ? Math.max((read(this.latest) - read(before)) * 1000 / ms, 0) : 0;
  }

  /** The growth in a second between each two snapshots. */
  series(read) {
    const points = [];
    for (let i = 1; i < this.snapshots.length; i++) {
      const [before, after] = [this.snapshots[i - 1], this.snapshots[i]];
      points.push({
        age: this.latest.uptimeMs - after.uptimeMs,
        rate: Math.max((read(after) - read(before)) * 1000 / (after.uptimeMs - before.uptimeMs), 0),
      });
    }
    return points;
  }
}

/** The thing of this key in one of a snapshot's lists; an empty one when it was not there. */
export function find(snapshot, list, key, value) {
  return snapshot?.[list].find(item => item[key] === value) ?? {};
}

/** How much a counter grew since a baseline. */
export function growth(now, before, key) {
  return (now[key] ?? 0) - (before[key] ?? 0);
}

/** Buckets that were added since: [greatest latency, count] pairs, ascending. */
export function newBuckets(now = [], before = []) {
  const known = new Map();
  for (let i = 0; i < before.length; i += 2) {
    known.set(before[i], before[i + 1]);
  }
  const buckets = [];
  for (let i = 0; i < now.length; i += 2) {
    const count = now[i + 1] - (known.get(now[i]) ?? 0);
    if (count > 0) {
      buckets.push([now[i], count]);
    }
  }
  return buckets;
}

/** Several histograms as one. */
export function merge(histograms) {
  const counts = new Map();
  for (const [last, count] of histograms.flat()) {
    counts.set(last, (counts.get(last) ?? 0) + count);
  }
  return [...counts].sort((a, b) => a[0] - b[0]);
}

/** The latency, microseconds, that a share of the answers did not exceed; null without answers. */
export function percentile(buckets, share) {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let wanted = Math.max(Math.ceil(total * share), 1);
  for (const [last, count] of buckets) {
    wanted -= count;
    if (wanted <= 0) {
      return last;
    }
  }
  return null;
}

/** A bound above the values for an axis, whose quarters are whole. */
export function niceBound(most) {
  if (most <= 8) {
    return most <= 4 ? 4 : 8;
  }
  const power = Math.max(10 ** Math.floor(Math.log10(most)), 10);
  return [1.2, 2, 4, 6, 8, 10].map(step => Math.round(step * power)).find(bound => bound >= most);
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const count = value => whole.format(value);

export const perSecond = value => (value > 0 && value < 9.95 ? tenths : whole).format(value);

/** Microseconds in the unit that leaves three digits. */
export function latency(us) {
  if (us === null) {
    return "–";
  }
  const [value, unit] = us < 1000 ? [us, "µs"] : us < 1_000_000 ? [us / 1000, "ms"] : [us / 1_000_000, "s"];
  return `${us < 1000 ? value : value.toPrecision(3)}\u202f${unit}`;
}

export function duration(ms) {
  const [s, m, h, d] = [ms / 1000, ms / 60_000, ms / 3_600_000, ms / 86_400_000].map(Math.floor);
  const two = (great, unit, small, smaller) => small > 0 ? `${great} ${unit} ${small} ${smaller}` : `${great} ${unit}`;
  return d > 0 ? two(d, "d", h % 24, "h") : h > 0 ? two(h, "h", m % 60, "min") : m > 0 ? two(m, "min", s % 60, "s") : `${s} s`;
}

export const megabytes = bytes => `${whole.format(bytes / 1e6)} MB`;
