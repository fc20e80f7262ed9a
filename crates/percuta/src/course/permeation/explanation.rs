//! In words: why a permeant gains as much or as little from needling as it does.

use super::member::estimate;
use super::run::Member;
use super::{PermeationStudy, RunError};
use crate::absorption::{Barrier, Column};
use crate::population::Draw;

/// One paragraph, with the numbers of the central member.
pub(super) fn explain(study: &PermeationStudy, draw: &Draw, central: &Member) -> Result<String, RunError> {
    let barrier = &central.skin.barrier;
    let permeant = &study.permeant;
    let ph = match estimate(study).ph {
        Some(ph) => ph,
        None => draw.group("absorption").get("skin_ph", "pH")?,
    };
    let intact = Column::new(barrier, None).steady(0.0).permeability_cm_per_h;
    let bare = without_stratum_corneum(barrier);
    let ceiling = bare / intact;
    let charged = 100.0 * permeant.ionised_fraction(ph);
    let charge = if charged >= 50.0 { format!(", {charged:.0} % of it charged at pH {ph:.1}") } else { String::new() };
    let mut text = format!(
        "{} ({:.0} Da, log Kow {:.1}{charge}) passes this intact skin at {} cm/h and the same skin without stratum corneum at {} cm/h: ",
        permeant.name,
        permeant.mw_da,
        permeant.log_kow,
        short(intact),
        short(bare),
    );
    text += &if ceiling < 3.0 {
        format!(
            "the stratum corneum is hardly what holds it back, and no number of channels could raise its steady flux more than {ceiling:.1}-fold."
        )
    } else if ceiling < 30.0 {
        format!("channels have little to gain: at most about {ceiling:.0}-fold.")
    } else {
        format!("nearly all of the resistance is in the stratum corneum, and channels can gain up to about {}-fold.", short(ceiling))
    };
    if let Some(channels) = &central.skin.channels {
        let open = central.skin.closure.open_share(study.dosing.after_treatment_h, false);
        let needled = Column::new(barrier, Some(channels)).steady(open).permeability_cm_per_h;
        text += &format!(
            " Of the tracks of this treatment {} % stay open ({} channels per cm², {} % of the surface); they give {} cm/h at the first application, {}-fold.",
            short(100.0 * draw.group("channels").get("patency", "1")?),
            short(channels.density_per_cm2),
            short(100.0 * channels.open_area()),
            short(needled),
            short(needled / intact),
        );
    } else if study.treatment.is_some() {
        text += " The needles of this treatment do not pass the stratum corneum.";
    }
    Ok(text)
}

/// Permeability of the skin below the stratum corneum, cm/h.
fn without_stratum_corneum(barrier: &Barrier) -> f64 {
    let mut bare = barrier.clone();
    // As thin and as open as to resist nothing.
    bare.stratum_corneum.thickness_cm = 1e-7;
    bare.stratum_corneum.diffusivity_cm2_per_h = 1.0;
    bare.stratum_corneum.partition = 1.0;
    Column::new(&bare, None).steady(0.0).permeability_cm_per_h
}

/// Two significant digits.
fn short(x: f64) -> String {
    if (0.01..10_000.0).contains(&x) {
        let digits = (1 - x.log10().floor() as i32).max(0) as usize;
        let rounded = 10f64.powi(x.log10().floor() as i32 - 1);
        format!("{:.digits$}", (x / rounded).round() * rounded)
    } else {
        format!("{x:.1e}")
    }
}
