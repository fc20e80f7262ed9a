//! A rough ranking of many factors.

use rayon::prelude::*;

use super::{Design, Model};

/// The share of each factor in the sum of all mean absolute effects, `[output][factor]`; zeros where an output does not change.
///
/// From each row of the design's first randomisations one factor after the other is moved to its value in B, a radial one-at-a-time
/// design (Campolongo et al. 2011, Comput Phys Commun 182:978); the mean absolute step ranks
/// the factors as Morris's μ* does, and a single large step counts less than in a total index. It takes `samples` × (factors + 1) evaluations; few samples rank well enough to leave out what does little.
///
/// # Errors
/// The first error of `f`.
pub fn screen<E: Send>(design: &Design, f: Model<'_, E>) -> Result<Vec<Vec<f64>>, E> {
    let d = design.factors.len();
    let rows: Vec<Vec<Vec<f64>>> = (0..design.samples)
        .into_par_iter()
        .map(|i| {
            let (a, b) = design.pair(i / design.rows().max(1), i % design.rows().max(1));
            let at_a = f(&a)?;
            (0..d)
                .map(|k| Ok(f(&design.mixed(&a, &b, k))?.iter().zip(&at_a).map(|(x, y)| (x - y).abs()).collect()))
                .collect::<Result<_, E>>()
        })
        .collect::<Result<_, E>>()?;
    let outputs = rows.first().and_then(|r| r.first()).map_or(0, Vec::len);
    let shares = (0..outputs).map(|o| {
        let steps: Vec<f64> = (0..d).map(|k| rows.iter().map(|row| row[k][o]).sum()).collect();
        let all: f64 = steps.iter().sum();
        steps.iter().map(|s| if all > 0.0 { s / all } else { 0.0 }).collect()
    });
    Ok(shares.collect())
}
