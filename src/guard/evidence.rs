//! How strongly counts speak against a limit, in nats: Chernoff's bound in its Kullback-Leibler form (Lattimore and Szepesvári,
//! Bandit Algorithms, Corollary 10.4), and the restricted likelihood ratio for a difference (Miettinen and Nurminen 1985).

/// How often the interval is halved: it ends narrower than a double can tell from its middle.
const BISECTIONS: u32 = 50;

/// How far `k` failures of `n` requests are from the rate `p`, in nats: the chance of as many, were the rate `p` or below, is at most
/// `exp(-of_rate(k, n, p))`. `0 <= k <= n` and `0 < p < 1`; 0 where there are no requests, infinite where `p` makes `k` impossible.
///
/// It is as large on the other side: where `k` is below `p * n`, it speaks for a rate below `p`.
///
/// ```
/// use pointsman::guard::evidence;
/// assert!((evidence::of_rate(10.0, 100.0, 0.01) - 14.447935).abs() < 1e-6);
/// ```
pub fn of_rate(k: f64, n: f64, p: f64) -> f64 {
    part(k, n * p) + part(n - k, n * (1.0 - p))
}

/// `seen * ln(seen / expected)`, with `0 ln 0 = 0`.
fn part(seen: f64, expected: f64) -> f64 {
    if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 }
}

/// How strongly `k1` failures of `n1` requests, beside `k0` of `n0`, speak for a rate more than `d` above the other, in nats.
/// `0 <= d < 1`; 0 where the difference seen is not above `d`, and where either side has no requests.
///
/// ```
/// use pointsman::guard::evidence;
/// assert!((evidence::of_difference(20.0, 200.0, 10.0, 2000.0, 0.01) - 19.838779).abs() < 1e-6);
/// assert_eq!(evidence::of_difference(30.0, 2000.0, 10.0, 2000.0, 0.01), 0.0);
/// ```
pub fn of_difference(k1: f64, n1: f64, k0: f64, n0: f64, d: f64) -> f64 {
    if n1 <= 0.0 || n0 <= 0.0 || k1 / n1 - k0 / n0 <= d {
        return 0.0;
    }
    let p = if d > 0.0 { nearest(k1, n1, k0, n0, d) } else { (k1 + k0) / (n1 + n0) };
    of_rate(k1, n1, p + d) + of_rate(k0, n0, p)
}

/// The other side's rate under which both counts, `d` apart, are the likeliest. The sum is convex, so its slope changes sign once.
fn nearest(k1: f64, n1: f64, k0: f64, n0: f64, d: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0 - d);
    for _ in 0..BISECTIONS {
        let p = (low + high) / 2.0;
        if slope(k1, n1, p + d) + slope(k0, n0, p) > 0.0 {
            high = p;
        } else {
            low = p;
        }
    }
    (low + high) / 2.0
}

/// The slope of [`of_rate`] at `p`. Without failures, or without anything else, one factor of the fraction falls out.
fn slope(k: f64, n: f64, p: f64) -> f64 {
    if k <= 0.0 {
        n / (1.0 - p)
    } else if k >= n {
        -n / p
    } else {
        (n * p - k) / (p * (1.0 - p))
    }
}
