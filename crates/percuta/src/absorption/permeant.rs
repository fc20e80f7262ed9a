//! Permeants as data files: `data/permeants/*.toml` and a user's own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data;
use crate::population::nearest;

/// Molecular weights and log Kow between which human-skin permeability has been measured well enough to judge a relation.
pub(super) const MW_COVERED_DA: f64 = 500.0;
pub(super) const LOG_KOW_COVERED: [f64; 2] = [-3.0, 6.0];

/// A line each of a permeant file, shown beside what is wrong with it.
const EXAMPLE_GROUPS: &str = "groups = [{ pka = 4.3, kind = \"acid\" }, { pka = 10.2, kind = \"base\" }]";

/// Which way a group ionises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ionisation {
    /// Loses a proton.
    Acid,
    /// Gains a proton.
    Base,
}

/// A group of a molecule that gains or loses a proton.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "GroupFile", into = "GroupFile")]
pub struct IonisableGroup {
    /// pH at which half of the group is charged.
    pub pka: f64,
    /// Whether the group is charged above its pKa (an acid) or below it (a base).
    pub kind: Ionisation,
}

/// An ionisable group as a file has it, so that a missing half gets a message of its own.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    #[schemars(required)]
    pka: Option<f64>,
    #[schemars(required)]
    kind: Option<Ionisation>,
}

impl TryFrom<GroupFile> for IonisableGroup {
    type Error = String;

    fn try_from(file: GroupFile) -> Result<Self, String> {
        match (file.pka, file.kind) {
            (Some(pka), Some(kind)) => Ok(Self { pka, kind }),
            (Some(pka), None) => Err(format!(
                "the group with `pka = {pka}` has no `kind`; expected `kind = \"acid\"` (charged above its pKa) or `kind = \"base\"` \
                 (charged below it), for example `{EXAMPLE_GROUPS}`"
            )),
            (None, _) => Err(format!("a group has no `pka`; expected a number, for example `{EXAMPLE_GROUPS}`")),
        }
    }
}

impl From<IonisableGroup> for GroupFile {
    fn from(group: IonisableGroup) -> Self {
        Self { pka: Some(group.pka), kind: Some(group.kind) }
    }
}

/// What the body of an adult of 70 kg does with a substance once it is in the blood: one compartment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plasma {
    /// Clearance, L/h.
    pub clearance_l_per_h: f64,
    /// Volume of distribution, L.
    pub volume_l: f64,
    /// Citation of these values.
    pub source: String,
}

impl Plasma {
    /// Half-life of the one compartment, h.
    #[must_use]
    pub fn half_life_h(&self) -> f64 {
        std::f64::consts::LN_2 * self.volume_l / self.clearance_l_per_h
    }
}

/// What a substance does to the making of melanin once it is in the viable epidermis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MelaninInhibition {
    /// Free concentration at which half of the largest effect is reached, µg/mL.
    pub half_at_ug_per_ml: f64,
    /// Largest share of the making of melanin that it can stop, 0 to 1.
    pub most: f64,
    /// Citation of these values.
    pub source: String,
}

/// A substance that is applied to the skin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permeant {
    /// Name in reports.
    pub name: String,
    /// Molecular weight, Da.
    pub mw_da: f64,
    /// Octanol-water partition coefficient of the uncharged form, log10.
    pub log_kow: f64,
    /// Solubility in water of the form that is used (salt or free), near skin temperature, mg/mL.
    #[serde(default)]
    pub solubility_mg_per_ml: Option<f64>,
    /// Melting point, °C.
    #[serde(default)]
    pub melting_point_c: Option<f64>,
    /// Groups that ionise; empty when nothing does.
    #[serde(default)]
    pub groups: Vec<IonisableGroup>,
    /// Fate in the blood, where it is known.
    #[serde(default)]
    pub plasma: Option<Plasma>,
    /// Effect on the making of melanin, where it has one.
    #[serde(default)]
    pub melanin: Option<MelaninInhibition>,
    /// Citation of these properties.
    pub source: String,
}

/// One value of a permeant that is impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermeantFault {
    /// Key of the value, such as `mw_da` or `plasma.volume_l`.
    pub field: &'static str,
    /// What was found.
    pub message: String,
    /// What is expected instead.
    pub expected: &'static str,
    /// A line that would do.
    pub example: &'static str,
}

impl std::fmt::Display for PermeantFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; expected {}, for example `{}`", self.message, self.expected, self.example)
    }
}

/// A permeant that is unknown or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PermeantError {
    /// No permeant of that key.
    #[error("no permeant is called `{key}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// The key asked for.
        key: String,
        /// The nearest existing key.
        suggestion: Option<String>,
    },
    /// A file that does not parse.
    #[error("{label}: {reason}")]
    Malformed {
        /// File or place the permeant was read from.
        label: String,
        /// What is wrong.
        reason: String,
    },
    /// A file that parses but holds an impossible value.
    #[error("{label}: permeant `{key}`: {fault}")]
    Impossible {
        /// File or place the permeant was read from.
        label: String,
        /// Key of the permeant.
        key: String,
        /// What is wrong.
        fault: PermeantFault,
    },
}

impl Permeant {
    /// Keys of the permeants that come with Percuta, sorted.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        data::PERMEANTS.iter().map(|(key, _)| *key)
    }

    /// The permeant of that key.
    ///
    /// # Errors
    /// Unknown key, with the nearest one as a suggestion.
    pub fn find(key: &str) -> Result<Self, PermeantError> {
        match data::PERMEANTS.iter().find(|(k, _)| *k == key) {
            Some((_, text)) => Self::parse(key, &format!("data/permeants/{key}.toml"), text),
            None => Err(PermeantError::Unknown { key: key.into(), suggestion: nearest(key, Self::keys()) }),
        }
    }

    /// Reads a permeant from TOML; `key` and `label` name it in errors.
    ///
    /// # Errors
    /// If the text is not a permeant or its values are impossible.
    pub fn parse(key: &str, label: &str, text: &str) -> Result<Self, PermeantError> {
        let permeant: Self = toml::from_str(text).map_err(|e| {
            let advice = advice(e.message()).map(|a| format!("  help: {a}")).unwrap_or_default();
            PermeantError::Malformed { label: label.into(), reason: format!("{e}{advice}") }
        })?;
        match permeant.fault() {
            Some(fault) => Err(PermeantError::Impossible { label: label.into(), key: key.into(), fault }),
            None => Ok(permeant),
        }
    }

    /// The first value that is impossible, if any.
    #[must_use]
    pub fn fault(&self) -> Option<PermeantFault> {
        let outside = |value: f64, low: f64, high: f64| !(low..=high).contains(&value);
        let fault = |field, message: String, expected, example| Some(PermeantFault { field, message, expected, example });
        if self.name.trim().is_empty() {
            return fault("name", "`name` is empty".into(), "a name for reports", "name = \"Tranexamic acid\"");
        }
        if outside(self.mw_da, 1.0, 1e7) {
            let message = format!("`mw_da` is {}", self.mw_da);
            return fault("mw_da", message, "a molecular weight from 1 to 10000000 Da (1 kDa is 1000 Da)", "mw_da = 157.21");
        }
        if outside(self.log_kow, -10.0, 12.0) {
            let message = format!("`log_kow` is {}", self.log_kow);
            let expected = "the decimal logarithm of the octanol-water partition coefficient of the uncharged form, -10 to 12";
            return fault("log_kow", message, expected, "log_kow = -1.9");
        }
        if let Some(s) = self.solubility_mg_per_ml.filter(|s| outside(*s, 0.0, 2000.0)) {
            let message = format!("`solubility_mg_per_ml` is {s}");
            return fault(
                "solubility_mg_per_ml",
                message,
                "milligrams in a millilitre of water, 0 to 2000",
                "solubility_mg_per_ml = 167.0",
            );
        }
        if let Some(t) = self.melting_point_c.filter(|t| outside(*t, -273.15, 4000.0)) {
            let message = format!("`melting_point_c` is {t}");
            return fault("melting_point_c", message, "a temperature from -273.15 to 4000 °C", "melting_point_c = 68.0");
        }
        if let Some(group) = self.groups.iter().find(|g| outside(g.pka, -20.0, 50.0)) {
            let message = format!("a group has `pka = {}`", group.pka);
            return fault("groups", message, "a pKa from -20 to 50", EXAMPLE_GROUPS);
        }
        if let Some(plasma) = &self.plasma {
            if outside(plasma.clearance_l_per_h, f64::MIN_POSITIVE, 1e4) {
                let message = format!("`plasma.clearance_l_per_h` is {}", plasma.clearance_l_per_h);
                let expected = "litres of plasma cleared in an hour by an adult of 70 kg, above 0 and up to 10000";
                return fault("plasma.clearance_l_per_h", message, expected, "clearance_l_per_h = 40.0");
            }
            if outside(plasma.volume_l, f64::MIN_POSITIVE, 1e5) {
                let message = format!("`plasma.volume_l` is {}", plasma.volume_l);
                let expected = "the volume of distribution in an adult of 70 kg, above 0 and up to 100000 L";
                return fault("plasma.volume_l", message, expected, "volume_l = 90.0");
            }
            if plasma.source.trim().is_empty() {
                let message = "`plasma.source` is empty".into();
                return fault("plasma.source", message, "where the values come from", "source = \"Author 2015 J Name 1:2\"");
            }
        }
        if let Some(melanin) = &self.melanin {
            if outside(melanin.half_at_ug_per_ml, f64::MIN_POSITIVE, 1e6) {
                let message = format!("`melanin.half_at_ug_per_ml` is {}", melanin.half_at_ug_per_ml);
                return fault("melanin.half_at_ug_per_ml", message, "a concentration above 0", "half_at_ug_per_ml = 30.0");
            }
            if outside(melanin.most, 0.0, 1.0) {
                let message = format!("`melanin.most` is {}", melanin.most);
                return fault("melanin.most", message, "a share from 0 to 1", "most = 0.8");
            }
            if melanin.source.trim().is_empty() {
                let message = "`melanin.source` is empty".into();
                return fault("melanin.source", message, "where the values come from", "source = \"Author 2015 J Name 1:2\"");
            }
        }
        if self.source.trim().is_empty() {
            return fault("source", "`source` is empty".into(), "where the values come from", "source = \"Author 2015 J Name 1:2\"");
        }
        None
    }

    /// Share of the molecules without any charge at a pH (Henderson-Hasselbalch, groups independent): 1 without a
    /// group that ionises. A zwitterion counts as charged.
    #[must_use]
    pub fn neutral_fraction(&self, ph: f64) -> f64 {
        (-self.charge_excess(ph)).exp()
    }

    /// Share of the molecules with at least one charged group at a pH, 0 without a group that ionises.
    #[must_use]
    pub fn ionised_fraction(&self, ph: f64) -> f64 {
        // `exp_m1` keeps the digits of a small charged share, `exp` those of a small neutral one.
        -(-self.charge_excess(ph)).exp_m1()
    }

    /// Whether the permeant is mostly an anion at a pH: it has more acids that are charged than bases.
    #[must_use]
    pub fn is_acid(&self, ph: f64) -> bool {
        let charged = |kind: Ionisation| {
            let away = |pka: f64| if kind == Ionisation::Acid { ph - pka } else { pka - ph };
            self.groups.iter().filter(|g| g.kind == kind && away(g.pka) > 0.0).count()
        };
        charged(Ionisation::Acid) > charged(Ionisation::Base)
    }

    /// log10 of the octanol-water distribution coefficient at a pH, if only the uncharged form partitions.
    #[must_use]
    pub fn log_d(&self, ph: f64) -> f64 {
        self.log_kow - self.charge_excess(ph) / std::f64::consts::LN_10
    }

    /// Minus the natural logarithm of the neutral share: the sum over groups of ln(1 + 10^±(pH - pKa)).
    fn charge_excess(&self, ph: f64) -> f64 {
        let odds = |g: &IonisableGroup| match g.kind {
            Ionisation::Acid => 10f64.powf(ph - g.pka),
            Ionisation::Base => 10f64.powf(g.pka - ph),
        };
        self.groups.iter().map(|g| odds(g).ln_1p()).sum()
    }

    /// In which respects the permeant lies outside what human-skin permeabilities cover; empty inside.
    #[must_use]
    pub fn extrapolation(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.mw_da > MW_COVERED_DA {
            warnings.push(format!(
                "{} has {} Da: permeabilities of human skin were measured up to about {MW_COVERED_DA} Da, and hardly any beyond",
                self.name, self.mw_da
            ));
        }
        let [low, high] = LOG_KOW_COVERED;
        if !(low..=high).contains(&self.log_kow) {
            warnings.push(format!(
                "{} has a log Kow of {}: permeabilities of human skin were measured for about {low} to {high}",
                self.name, self.log_kow
            ));
        }
        warnings
    }
}

/// What to write instead of a key that a permeant does not have, from the message of the parser.
fn advice(message: &str) -> Option<String> {
    const KEYS: [(&str, &str); 9] = [
        ("name", "name = \"Tranexamic acid\""),
        ("mw_da", "mw_da = 157.21"),
        ("log_kow", "log_kow = -1.9"),
        ("solubility_mg_per_ml", "solubility_mg_per_ml = 167.0"),
        ("melting_point_c", "melting_point_c = 68.0"),
        ("groups", EXAMPLE_GROUPS),
        ("plasma", "plasma = { clearance_l_per_h = 7.0, volume_l = 20.0, source = \"Author 2015 J Name 1:2\" }"),
        ("melanin", "melanin = { half_at_ug_per_ml = 30.0, most = 0.8, source = \"Author 2015 J Name 1:2\" }"),
        ("source", "source = \"Author 2015 J Name 1:2\""),
    ];
    let quoted = |start: &str| message.split_once(start)?.1.split('`').next();
    let example = |key: &str| KEYS.iter().find(|(k, _)| *k == key).map(|(_, line)| *line);
    if let Some(key) = quoted("missing field `") {
        return example(key).map(|line| format!("`{key}` is needed, for example `{line}`"));
    }
    let found = quoted("unknown field `")?;
    let meant = match found {
        "pka" | "ionisation" | "ionization" => "groups",
        "mw" | "molecular_weight" | "weight" => "mw_da",
        "logp" | "log_p" | "logkow" | "log_pow" => "log_kow",
        "clearance_l_per_h" | "volume_l" | "half_life" => "plasma",
        _ => KEYS.iter().map(|(k, _)| *k).max_by(|a, b| strsim::jaro_winkler(a, found).total_cmp(&strsim::jaro_winkler(b, found)))?,
    };
    example(meant).map(|line| format!("did you mean `{meant}`? For example `{line}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = \"X\"\nmw_da = 100.0\nlog_kow = 1.0\nsource = \"here\"\n";

    fn refusal(text: &str) -> String {
        Permeant::parse("x", "x.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn every_embedded_permeant_parses() {
        assert!(Permeant::keys().count() >= 32);
        for key in Permeant::keys() {
            Permeant::find(key).unwrap();
        }
    }

    #[test]
    fn substances_with_known_kinetics_have_a_plausible_half_life() {
        for key in [
            "naloxone",
            "naltrexone",
            "lidocaine",
            "caffeine",
            "diclofenac",
            "ketoprofen",
            "testosterone",
            "estradiol",
            "minoxidil",
            "methotrexate",
            "tranexamic-acid",
            "amantadine",
            "hydrocortisone",
        ] {
            let half_life = Permeant::find(key).unwrap().plasma.unwrap().half_life_h();
            assert!((0.8..15.0).contains(&half_life), "{key}: {half_life}");
        }
    }

    #[test]
    fn a_placeholder_for_a_macromolecule_says_so() {
        for key in Permeant::keys() {
            let p = Permeant::find(key).unwrap();
            assert_eq!(p.mw_da > 1000.0, p.source.contains("placeholder"), "{key}");
            assert!(p.mw_da <= 500.0 || !p.extrapolation().is_empty());
        }
    }

    #[test]
    fn a_misspelt_key_gets_a_suggestion() {
        let error = Permeant::find("nalaxone").unwrap_err();
        assert_eq!(error.to_string(), "no permeant is called `nalaxone`; did you mean `naloxone`?");
    }

    #[test]
    fn each_impossible_value_is_named_with_what_is_expected() {
        Permeant::parse("x", "x.toml", GOOD).unwrap();
        let plasma = "[plasma]\nclearance_l_per_h = 7.0\nvolume_l = 20.0\nsource = \"here\"\n";
        let all =
            format!("{GOOD}solubility_mg_per_ml = 3.0\nmelting_point_c = 60.0\ngroups = [{{ pka = 4.0, kind = \"acid\" }}]\n{plasma}");
        assert!((Permeant::parse("x", "x.toml", &all).unwrap().plasma.unwrap().half_life_h() - 1.9804).abs() < 1e-4);
        for (text, found) in [
            (all.replace("100.0", "0.0"), "`mw_da` is 0; expected"),
            (all.replace("100.0", "-5.0"), "`mw_da` is -5; expected"),
            (all.replace("100.0", "nan"), "`mw_da` is NaN; expected"),
            (all.replace("log_kow = 1.0", "log_kow = 30.0"), "`log_kow` is 30; expected"),
            (all.replace("log_kow = 1.0", "log_kow = -inf"), "`log_kow` is -inf; expected"),
            (all.replace("ml = 3.0", "ml = -3.0"), "`solubility_mg_per_ml` is -3; expected"),
            (all.replace("ml = 3.0", "ml = 2500.0"), "`solubility_mg_per_ml` is 2500; expected"),
            (all.replace("60.0", "-300.0"), "`melting_point_c` is -300; expected"),
            (all.replace("pka = 4.0", "pka = nan"), "`pka = NaN`; expected"),
            (all.replace("h = 7.0", "h = 0.0"), "`plasma.clearance_l_per_h` is 0; expected"),
            (all.replace("l = 20.0", "l = inf"), "`plasma.volume_l` is inf; expected"),
            (all.replacen("\"here\"", "\" \"", 1), "`source` is empty; expected"),
            (all.replace("20.0\nsource = \"here\"", "20.0\nsource = \"\""), "`plasma.source` is empty; expected"),
            (all.replace("\"X\"", "\"\""), "`name` is empty; expected"),
        ] {
            let message = refusal(&text);
            assert!(message.contains(found) && message.contains("for example"), "{message}");
        }
    }

    #[test]
    fn unknown_keys_and_half_groups_are_refused_with_an_example() {
        for (line, found) in [
            ("logp = 1.0", "did you mean `log_kow`?"),
            ("pka = 4.0", "did you mean `groups`?"),
            ("meltingpoint = 4.0", "did you mean `melting_point_c`?"),
            ("groups = [{ pka = 4.3 }]", "`pka = 4.3` has no `kind`; expected `kind = \"acid\"`"),
            ("groups = [{ kind = \"acid\" }]", "a group has no `pka`; expected a number"),
            ("groups = [{ pka = 4.3, kind = \"salt\" }]", "unknown variant `salt`, expected `acid` or `base`"),
        ] {
            let message = refusal(&format!("{GOOD}{line}\n"));
            assert!(message.contains(found), "{message}");
        }
        let message = refusal(&GOOD.replace("mw_da = 100.0\n", ""));
        assert!(message.contains("`mw_da` is needed, for example `mw_da = 157.21`"), "{message}");
    }

    #[test]
    fn half_is_ionised_at_the_pka() {
        let mut p = Permeant::find("lidocaine").unwrap();
        let pka = p.groups[0].pka;
        assert!((p.ionised_fraction(pka) - 0.5).abs() < 1e-12);
        assert!((p.log_d(pka) - (p.log_kow - 2f64.log10())).abs() < 1e-12);
        assert!(p.ionised_fraction(pka - 2.0) > 0.99);
        p.groups[0].kind = Ionisation::Acid;
        assert!(p.ionised_fraction(pka - 2.0) < 0.01);
        assert_eq!(Permeant::find("water").unwrap().ionised_fraction(5.5), 0.0);
    }

    #[test]
    fn several_groups_multiply_and_extremes_keep_their_digits() {
        let group = |pka, kind| IonisableGroup { pka, kind };
        let mut p = Permeant::find("water").unwrap();
        p.groups = vec![group(4.3, Ionisation::Acid), group(10.2, Ionisation::Base)];
        // At pH 7 both groups of the amino acid are charged: a zwitterion is not neutral.
        let by_hand = 1.0 / (1.0 + 10f64.powf(2.7)) / (1.0 + 10f64.powf(3.2));
        assert!((p.neutral_fraction(7.0) / by_hand - 1.0).abs() < 1e-12);
        assert!((p.ionised_fraction(7.0) + by_hand - 1.0).abs() < 1e-15);
        assert!((p.log_d(7.0) - p.log_kow - by_hand.log10()).abs() < 1e-12);
        // A strong base far below its pKa, and a group that hardly ionises.
        p.groups = vec![group(25.0, Ionisation::Base)];
        assert!((p.neutral_fraction(5.0) / 1e-20 - 1.0).abs() < 1e-9 && p.ionised_fraction(5.0) == 1.0);
        p.groups = vec![group(25.0, Ionisation::Acid)];
        assert!((p.ionised_fraction(5.0) / 1e-20 - 1.0).abs() < 1e-9 && p.neutral_fraction(5.0) == 1.0);
    }

    #[test]
    fn a_permeant_outside_the_measured_range_says_so() {
        let mut p = Permeant::find("caffeine").unwrap();
        assert!(p.extrapolation().is_empty());
        p.mw_da = 5808.0;
        p.log_kow = -4.0;
        let warnings = p.extrapolation();
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].contains("500 Da") && warnings[1].contains("-3 to 6"));
    }

    #[test]
    fn a_permeant_survives_toml_and_json() {
        for key in Permeant::keys() {
            let p = Permeant::find(key).unwrap();
            assert_eq!(toml::from_str::<Permeant>(&toml::to_string(&p).unwrap()).unwrap(), p);
            assert_eq!(serde_json::from_str::<Permeant>(&serde_json::to_string(&p).unwrap()).unwrap(), p);
        }
        let schema = serde_json::to_string(&schemars::schema_for!(Permeant)).unwrap();
        assert!(schema.contains("\"groups\"") && schema.contains("\"base\""));
    }
}
