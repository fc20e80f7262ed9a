//! The simulated study: cells of several donors, as a guideline has them.

use rand::RngExt as _;
use statrs::distribution::{ContinuousCDF, Normal};

use super::member::MemberSkin;
use super::{PermeationStudy, Replicate, RunError};
use crate::absorption::Curve;
use crate::population::{Draw, Purpose, stream};

/// Every replicate of every donor at the central parameters: intact cells, and needled ones if there is a treatment. Skins of
/// different people and pieces of one skin differ in permeability and in what the needles leave.
pub(super) fn replicates(study: &PermeationStudy, seed: u64, draw: &Draw, skin: &MemberSkin) -> Result<Vec<Replicate>, RunError> {
    let cards = draw.group("absorption");
    let spread = |key: &str| cards.get(key, "1").map(f64::ln);
    let (donor_kp, replicate_kp) = (spread("donor_kp_gsd")?, spread("replicate_kp_gsd")?);
    let (donor_channels, replicate_channels) = (spread("donor_channel_gsd")?, spread("replicate_channel_gsd")?);
    let mut times_h = vec![0.0];
    times_h.extend(&study.samples_h);
    let arms: &[bool] = if study.treatment.is_some() { &[true, false] } else { &[false] };
    let mut found = Vec::new();
    for donor in 1..=study.donors {
        let [own_kp, own_channels] = normals(seed, donor, 0);
        for replicate in 1..=study.replicates {
            let [kp, channels] = normals(seed, donor, replicate);
            let mut piece = skin.clone();
            let factor = (donor_kp * own_kp + replicate_kp * kp).exp();
            piece.barrier.stratum_corneum.partition *= factor;
            if let Some(c) = &mut piece.channels {
                c.density_per_cm2 *= (donor_channels * own_channels + replicate_channels * channels).exp();
            }
            let uptake = piece.uptake(draw)?;
            for &needled in arms {
                let curve = if needled {
                    uptake.absorb(&study.vehicle, &study.dosing, &times_h)
                } else {
                    uptake.absorb_intact(&study.vehicle, &study.dosing, &times_h)
                };
                let curve = curve.map_err(|e| RunError::Numerics { member: donor, day: e.time_h / 24.0, reason: e.to_string() })?;
                found.push(report(study, donor, replicate, needled, &curve));
            }
        }
    }
    found.sort_by_key(|r| !r.needled);
    Ok(found)
}

/// Two standard normal numbers of a donor (`replicate` 0) or one of its pieces.
fn normals(seed: u64, donor: u32, replicate: u32) -> [f64; 2] {
    let mut rng = stream(seed, donor, replicate, Purpose::Replicates);
    let normal = Normal::standard();
    // Both ends are infinitely far away.
    [(); 2].map(|()| normal.inverse_cdf(rng.random::<f64>().clamp(1e-12, 1.0 - 1e-12)))
}

/// What a laboratory would read of one cell: it sees the samples only.
fn report(study: &PermeationStudy, donor: u32, replicate: u32, needled: bool, curve: &Curve) -> Replicate {
    let last = curve.times_h.len() - 1;
    let absorbed: Vec<f64> = curve.amounts.iter().map(|a| a.absorbed).collect();
    let (mut jmax, mut tmax) = (0.0, 0.0);
    for (t, q) in curve.times_h.windows(2).zip(absorbed.windows(2)) {
        let flux = (q[1] - q[0]) / (t[1] - t[0]);
        if flux > jmax {
            (jmax, tmax) = (flux, 0.5 * (t[0] + t[1]));
        }
    }
    let applied = curve.applied[last];
    let percent_of_dose: Vec<f64> =
        curve.amounts[last].parts().iter().map(|part| if applied > 0.0 { (100.0 * part / applied).max(0.0) } else { 0.0 }).collect();
    let half_h = 0.5 * study.duration_h;
    let next = curve.times_h.partition_point(|t| *t < half_h).clamp(1, last);
    let share = (half_h - curve.times_h[next - 1]) / (curve.times_h[next] - curve.times_h[next - 1]);
    let half = absorbed[next - 1] + share * (absorbed[next] - absorbed[next - 1]);
    Replicate {
        donor,
        replicate,
        needled,
        jmax_ug_per_cm2_h: jmax,
        tmax_h: tmax,
        amt_ug_per_cm2: absorbed[last],
        t_half_percent: if absorbed[last] > 0.0 { 100.0 * half / absorbed[last] } else { 0.0 },
        recovery_percent: percent_of_dose.iter().sum(),
        percent_of_dose,
        cumulative_ug_per_cm2: absorbed[1..].to_vec(),
    }
}
