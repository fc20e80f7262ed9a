//! `percuta explain relations`: how well the permeability relations meet human skin.

use percuta::absorption::{PermeabilityTable, Relation, Subset};
use percuta::population::{Draw, ParameterError, ParameterSet};

use crate::terminal;

/// The name under which this is explained.
pub const NAME: &str = "relations";
/// What it holds, in one line.
pub const TITLE: &str = "Permeability relations of intact skin, and how well each meets human skin";

/// The table of scores, and what to know before reading it.
pub fn relations(set: &ParameterSet) -> Result<String, ParameterError> {
    let table = PermeabilityTable::embedded()?;
    let draw = Draw::central(set);
    let mut text = format!(
        "{NAME}: {TITLE}\n\n  {:<17} {:<31} {:>4} {:>7} {:>6} {:>12}\n",
        "relation", "compounds", "n", "bias", "RMSE", "within 10x"
    );
    for limited in [false, true] {
        if limited {
            text += "\n  with the aqueous layer below the stratum corneum (Cleek-Bunge 1993)\n";
        }
        for relation in Relation::ALL {
            for (i, subset) in Subset::ALL.into_iter().enumerate() {
                let score = table.score(relation, limited, subset, &draw)?;
                let name = if i == 0 { relation.name() } else { "" };
                text += &format!(
                    "  {name:<17} {:<31} {:>4} {:>7.2} {:>6.2} {:>10.0} %\n",
                    subset.name(),
                    score.n,
                    score.bias,
                    score.rmse,
                    100.0 * score.within_one_log
                );
            }
        }
    }
    let notes = [
        "Bias and RMSE are of relation minus measurement in log10 units; a measurement is the median of a compound's records in \
         huskinDB (Stepanov et al. 2020 Sci Data 7, 10.1038/s41597-020-00764-z), with log Kow calculated from the structure."
            .to_owned(),
        format!(
            "Noise floor: repeated measurements of one compound have an SD of {} (pooled over the whole selection of 213 compounds): \
             no relation can honestly claim less.",
            table.within_compound_sd
        ),
        "Domain: the measurements hold up to about 500 Da and log Kow -3 to 6. Outside every relation extrapolates; \
         `percuta explain permeant.NAME` says where a permeant does."
            .to_owned(),
        format!("The spread of each in a run: {}.", Relation::ALL.map(|r| format!("`{}`", r.residual())).join(", ")),
    ];
    for note in notes {
        text += &format!("\n  {}\n", terminal::wrap(&note, 90, "  "));
    }
    Ok(text.trim_end().to_owned())
}
