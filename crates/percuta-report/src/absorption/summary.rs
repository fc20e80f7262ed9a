//! `summary.json` of a permeation study: its numbers for other programs. Its shape is a stable interface.

use std::collections::BTreeMap;

use percuta::course::permeation::{self, PermeationOutcome, Replicate};
use percuta::population::Interval;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ivpt;
use super::words::{arm_key, surface_dose};
use crate::error::ReportError;
use crate::summary::{Spread, Warning, spread};

/// The contents of `summary.json` of a permeation study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsorbSummary {
    /// Version of Percuta.
    pub percuta: String,
    /// Name of the study.
    pub study: String,
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble.
    pub members: u32,
    /// Name of the permeant.
    pub permeant: String,
    /// Length of the study, h.
    pub duration_h: f64,
    /// Dose put on by the end, µg/cm²; null for a donor that never depletes.
    pub surface_dose_ug_per_cm2: Option<f64>,
    /// Why this permeant gains as much or as little as it does.
    pub explanation: String,
    /// Times of every curve, h.
    pub times_h: Vec<f64>,
    /// `needled`, where there is a treatment, and `intact`.
    pub arms: BTreeMap<String, Arm>,
    /// Channels of the needled arm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Channels>,
    /// Until when after the treatment it pays to apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The needled arm at central parameters in three dimensions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<Block>,
    /// Parameters that drive the amount absorbed by the end in the first arm, strongest first.
    pub drivers: Vec<Driver>,
    /// What a reader must know before using the numbers.
    pub warnings: Vec<Warning>,
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Reported quantities by key.
    pub quantities: BTreeMap<String, Quantity>,
    /// Cumulative amount absorbed at each time, µg/cm².
    pub cumulative_ug_per_cm2: Vec<Spread>,
    /// Flux at each time, µg/cm²/h.
    pub flux_ug_per_cm2_h: Vec<Spread>,
    /// Plasma concentration at each time, ng/mL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plasma_ng_per_ml: Option<Vec<Spread>>,
    /// Where the dose is, from outside to inside.
    pub mass_balance: Vec<Compartment>,
    /// Largest gap of the mass balance over members and times, as a share of the dose.
    pub balance_gap: f64,
    /// Concentration by depth at some times.
    pub profiles: Vec<Profile>,
    /// The simulated study of donors and replicates; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ivpt: Option<Ivpt>,
}

/// One reported quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Name in reports.
    pub name: String,
    /// Unit; `1` for a bare number.
    pub unit: String,
    /// Median over the members.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// One place of the dose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compartment {
    /// Short identifier.
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Share of the dose at each time, %.
    pub percent_of_dose: Vec<Spread>,
}

/// Concentration by depth at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Time, h.
    pub time_h: f64,
    /// Depth below the surface, µm.
    pub depth_um: Vec<f64>,
    /// Concentration in the tissue at each depth, µg/cm³.
    pub concentration_ug_per_cm3: Vec<Spread>,
    /// Lower edge of stratum corneum, of viable epidermis and of the sample, µm.
    pub borders_um: [f64; 3],
}

/// Greatest flux and amount of the simulated study; a read-out is null if a replicate has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ivpt {
    /// Greatest flux between two samples, µg/cm²/h.
    pub jmax_ug_per_cm2_h: Option<IvptReadout>,
    /// Total amount at the end, µg/cm².
    pub amt_ug_per_cm2: Option<IvptReadout>,
}

/// One read-out over donors and replicates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IvptReadout {
    /// Geometric mean over the donors.
    pub geometric_mean: f64,
    /// Geometric coefficient of variation between replicates of a donor, %.
    pub within_donor_cv_percent: Option<f64>,
    /// Geometric coefficient of variation between donors, %.
    pub between_donor_cv_percent: Option<f64>,
    /// Each donor.
    pub donors: Vec<Donor>,
}

/// One donor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Donor {
    /// Number of the donor, from 1.
    pub donor: u32,
    /// Its replicates.
    pub replicates: usize,
    /// Geometric mean over its replicates.
    pub geometric_mean: f64,
    /// Geometric coefficient of variation between its replicates, %.
    pub cv_percent: Option<f64>,
}

/// The channels of the needled arm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// Channels per cm².
    pub density_per_cm2: Spread,
    /// Radius, µm.
    pub radius_um: Spread,
    /// Depth of the open part, µm.
    pub depth_um: Spread,
    /// Share of the surface that is open, %.
    pub open_area_percent: Spread,
}

/// Until when it pays to apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Hours between treatment and application.
    pub delay_h: Vec<f64>,
    /// Left open until then.
    pub open: Cover,
    /// Covered from the treatment on.
    pub occluded: Cover,
}

/// The window with or without a cover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// Permeability over that of intact skin at each delay.
    pub enhancement: Vec<Spread>,
    /// Amount absorbed in 24 h from an application at each delay, over the same on intact skin.
    pub gain_24h: Vec<Spread>,
    /// Hours until the added permeability has fallen to a tenth.
    pub pays_until_h: Spread,
    /// Hours until each method calls the channels closed.
    pub closed_by_h: BTreeMap<String, Spread>,
}

/// The needled arm in three dimensions beside the column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Side of the block, µm.
    pub side_um: f64,
    /// Width of a voxel, µm.
    pub resolution_um: f64,
    /// Voxels.
    pub voxels: usize,
    /// Channels in the block.
    pub channels: usize,
    /// Times, h.
    pub times_h: Vec<f64>,
    /// Cumulative amount, µg/cm².
    pub cumulative_ug_per_cm2: Vec<f64>,
    /// Cumulative amount in the column of the same parameters, µg/cm².
    pub column_cumulative_ug_per_cm2: Vec<f64>,
    /// Largest gap of its mass balance, as a share of the dose.
    pub balance_gap: f64,
}

/// A parameter that drives the amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    /// Name of the parameter.
    pub parameter: String,
    /// Spearman rank correlation over the members.
    pub rank_correlation: f64,
}

/// The JSON Schema of a study's `summary.json`, pretty-printed, with a final newline.
#[must_use]
pub fn summary_schema() -> String {
    let schema = schemars::schema_for!(AbsorbSummary);
    format!("{:#}\n", schema.as_value())
}

/// The summary of an outcome.
///
/// # Errors
/// [`ReportError::NotFinite`] if a number is not finite.
pub fn summarise(outcome: &PermeationOutcome, version: &str) -> Result<AbsorbSummary, ReportError> {
    let mut arms = BTreeMap::new();
    for a in &outcome.arms {
        arms.insert(arm_key(a.needled).to_owned(), arm(outcome, a)?);
    }
    let mut drivers = Vec::new();
    for d in &outcome.drivers {
        let rank_correlation = finite(d.rank_correlation, || format!("the correlation of `{}`", d.parameter))?;
        drivers.push(Driver { parameter: d.parameter.clone(), rank_correlation });
    }
    let study = &outcome.study;
    Ok(AbsorbSummary {
        percuta: version.to_owned(),
        study: study.name.clone(),
        seed: outcome.seed,
        members: outcome.members,
        permeant: study.permeant.name.clone(),
        duration_h: finite(study.duration_h, || "the duration".into())?,
        surface_dose_ug_per_cm2: surface_dose(outcome).map(|d| finite(d, || "the dose".into())).transpose()?,
        explanation: outcome.explanation.clone(),
        times_h: all_finite(&outcome.times_h, "a time")?,
        arms,
        channels: outcome.channels.as_ref().map(channels).transpose()?,
        window: outcome.window.as_ref().map(window).transpose()?,
        block: outcome.block.as_ref().map(block).transpose()?,
        drivers,
        warnings: outcome.warnings.iter().map(|w| Warning { code: w.code.clone(), message: w.message.clone() }).collect(),
    })
}

fn arm(outcome: &PermeationOutcome, a: &permeation::Arm) -> Result<Arm, ReportError> {
    let key = arm_key(a.needled);
    let mut quantities = BTreeMap::new();
    for q in &a.quantities {
        let v = spread(&q.value, &format!("`{}` of the {key} arm", q.key))?;
        let value = Quantity { name: q.name.clone(), unit: q.unit.clone(), median: v.median, low: v.low, high: v.high };
        quantities.insert(q.key.clone(), value);
    }
    let mut mass_balance = Vec::new();
    for c in &a.compartments {
        let percent_of_dose = spreads(&c.percent_of_dose, &format!("the share `{}` of the {key} arm", c.key))?;
        mass_balance.push(Compartment { key: c.key.clone(), name: c.name.clone(), percent_of_dose });
    }
    let mut profiles = Vec::new();
    for p in &a.profiles {
        let what = format!("the concentration of the {key} arm at {} h", p.time_h);
        let concentration_ug_per_cm3 = spreads(&p.concentration_ug_per_cm3, &what)?;
        all_finite(&p.borders_um, "a border of a profile")?;
        let depth_um = all_finite(&p.depth_um, "a depth of a profile")?;
        profiles.push(Profile { time_h: p.time_h, depth_um, concentration_ug_per_cm3, borders_um: p.borders_um });
    }
    let readout = |value: fn(&Replicate) -> f64| ivpt::statistics(outcome, a.needled, value).map(ivpt_readout);
    let ivpt = outcome
        .replicates
        .iter()
        .any(|r| r.needled == a.needled)
        .then(|| Ivpt { jmax_ug_per_cm2_h: readout(|r| r.jmax_ug_per_cm2_h), amt_ug_per_cm2: readout(|r| r.amt_ug_per_cm2) });
    Ok(Arm {
        quantities,
        cumulative_ug_per_cm2: spreads(&a.cumulative_ug_per_cm2, &format!("the cumulative amount of the {key} arm"))?,
        flux_ug_per_cm2_h: spreads(&a.flux_ug_per_cm2_h, &format!("the flux of the {key} arm"))?,
        plasma_ng_per_ml: a.plasma_ng_per_ml.as_ref().map(|p| spreads(p, &format!("the plasma level of the {key} arm"))).transpose()?,
        mass_balance,
        balance_gap: finite(a.balance_gap, || format!("the balance of the {key} arm"))?,
        profiles,
        ivpt,
    })
}

fn ivpt_readout(s: ivpt::ArmStatistics) -> IvptReadout {
    let donor = |d: &ivpt::DonorStatistics| Donor {
        donor: d.donor,
        replicates: d.replicates,
        geometric_mean: d.geometric_mean,
        cv_percent: d.cv_percent,
    };
    IvptReadout {
        geometric_mean: s.geometric_mean,
        within_donor_cv_percent: s.within_donor_cv_percent,
        between_donor_cv_percent: s.between_donor_cv_percent,
        donors: s.donors.iter().map(donor).collect(),
    }
}

fn channels(c: &permeation::ChannelStatistics) -> Result<Channels, ReportError> {
    Ok(Channels {
        density_per_cm2: spread(&c.density_per_cm2, "the density of channels")?,
        radius_um: spread(&c.radius_um, "the radius of channels")?,
        depth_um: spread(&c.depth_um, "the depth of channels")?,
        open_area_percent: spread(&c.open_area_percent, "the open area")?,
    })
}

fn window(w: &permeation::Window) -> Result<Window, ReportError> {
    let cover = |enhancement: &[Interval], gain: &[Interval], pays: &Interval, closed: fn(&permeation::ClosedBy) -> &Interval| {
        let mut closed_by_h = BTreeMap::new();
        for c in &w.closed_by {
            closed_by_h.insert(c.method.clone(), spread(closed(c), &format!("the time of closing by {}", c.method))?);
        }
        Ok::<_, ReportError>(Cover {
            enhancement: spreads(enhancement, "an enhancement")?,
            gain_24h: spreads(gain, "a gain over 24 h")?,
            pays_until_h: spread(pays, "the time until which it pays")?,
            closed_by_h,
        })
    };
    Ok(Window {
        delay_h: all_finite(&w.delay_h, "a delay")?,
        open: cover(&w.enhancement_open, &w.gain_24h_open, &w.pays_until_open_h, |c| &c.open_h)?,
        occluded: cover(&w.enhancement_occluded, &w.gain_24h_occluded, &w.pays_until_occluded_h, |c| &c.occluded_h)?,
    })
}

fn block(b: &permeation::BlockCurve) -> Result<Block, ReportError> {
    Ok(Block {
        side_um: b.side_um,
        resolution_um: b.resolution_um,
        voxels: b.voxels,
        channels: b.channels,
        times_h: all_finite(&b.times_h, "a time of the block")?,
        cumulative_ug_per_cm2: all_finite(&b.cumulative_ug_per_cm2, "the cumulative amount of the block")?,
        column_cumulative_ug_per_cm2: all_finite(&b.column_cumulative_ug_per_cm2, "the cumulative amount of the column")?,
        balance_gap: finite(b.balance_gap, || "the balance of the block".into())?,
    })
}

fn spreads(values: &[Interval], what: &str) -> Result<Vec<Spread>, ReportError> {
    values.iter().map(|v| spread(v, what)).collect()
}

fn all_finite(values: &[f64], what: &str) -> Result<Vec<f64>, ReportError> {
    values.iter().map(|&v| finite(v, || what.to_owned())).collect()
}

fn finite(v: f64, what: impl Fn() -> String) -> Result<f64, ReportError> {
    if v.is_finite() { Ok(v) } else { Err(ReportError::NotFinite { what: what() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::fixture;

    /// Writes the schema: `cargo test -p percuta-report -- --ignored write_schema`.
    #[test]
    #[ignore = "writes to docs"]
    fn write_schema() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/absorb-summary.schema.json"), summary_schema()).unwrap();
    }

    #[test]
    fn the_checked_in_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/absorb-summary.schema.json");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert!(parse(&checked_in) == parse(&summary_schema()), "docs/absorb-summary.schema.json is old; write_schema writes it");
    }

    #[test]
    fn the_numbers_are_those_of_the_outcome() {
        let mut o = fixture::outcome();
        // Few times, so that the snapshot can be read.
        o.times_h.drain(1..o.times_h.len() - 1);
        for a in &mut o.arms {
            for curve in [&mut a.cumulative_ug_per_cm2, &mut a.flux_ug_per_cm2_h]
                .into_iter()
                .chain(a.compartments.iter_mut().map(|c| &mut c.percent_of_dose))
            {
                curve.drain(1..curve.len() - 1);
            }
            a.profiles.truncate(1);
            a.profiles[0].depth_um.truncate(2);
            a.profiles[0].concentration_ug_per_cm3.truncate(2);
        }
        let b = o.block.as_mut().unwrap();
        for curve in [&mut b.times_h, &mut b.cumulative_ug_per_cm2, &mut b.column_cumulative_ug_per_cm2] {
            curve.drain(1..curve.len() - 1);
        }
        let w = o.window.as_mut().unwrap();
        w.delay_h.truncate(1);
        for curve in [&mut w.enhancement_open, &mut w.enhancement_occluded, &mut w.gain_24h_open, &mut w.gain_24h_occluded] {
            curve.truncate(1);
        }
        // The last digits of powers differ between mathematical libraries.
        insta::assert_snapshot!(rounded(&serde_json::to_string_pretty(&summarise(&o, "0.1.0").unwrap()).unwrap()));
    }

    /// The text with every number to six digits.
    fn rounded(json: &str) -> String {
        json.lines()
            .map(|line| {
                let (head, tail) = line.rsplit_once(": ").unwrap_or(("", line));
                let number = tail.trim_end_matches(',');
                match number.trim().parse::<f64>() {
                    Ok(v) if v.fract() != 0.0 => line.replace(number.trim(), &format!("{v:.5e}")),
                    _ if head.is_empty() => line.to_owned(),
                    _ => line.to_owned(),
                }
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn it_reads_back_and_refuses_what_is_not_finite() {
        for mut o in [fixture::outcome(), fixture::in_vivo(), fixture::infinite(), fixture::intact()] {
            let s = summarise(&o, "0.1.0").unwrap();
            let back: AbsorbSummary = serde_json::from_value(serde_json::to_value(&s).unwrap()).unwrap();
            assert!(back == s, "{}", o.study.name);
            o.arms[0].flux_ug_per_cm2_h[3].low = f64::NAN;
            assert!(matches!(summarise(&o, "0.1.0"), Err(ReportError::NotFinite { what }) if what.contains("flux")));
        }
        assert_eq!(summarise(&fixture::infinite(), "0.1.0").unwrap().surface_dose_ug_per_cm2, None);
    }
}
