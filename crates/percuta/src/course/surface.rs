//! The square of skin that is looked at: one net of lines and pores for the course, each member with its own depths.

use serde::Serialize;

use super::{Course, RunError};
use crate::appearance::relief::{
    Filtration, HeightMap, ProfileSettings, ScarProfile, Surface, SurfacePattern, areal, profile, scatter_scars,
};
use crate::appearance::{LineFamilies, LineKind, Lines, LinesOfDay, ScarClass, SingleScar};
use crate::population::{Draw, Interval, interval};
use crate::skin::Layers;

/// Pixels a side of the square whose roughness is computed in every member, at least.
const PIXELS: usize = 200;
/// Pixels a side of the square that is drawn, at least.
const PICTURE_PIXELS: usize = 512;
/// Pixels a side of a measured map in every member, and of one that is drawn, at most: finer ones become means of several.
const MOST_OF_MAP: f64 = 500.0;
const MOST_OF_PICTURE: f64 = 1000.0;
/// Pixels within the spacing of the microrelief, at least; it cannot be drawn on three.
const PER_FURROW: f64 = 4.0;
/// Direction of linear scars, degrees from x towards y; ornament.
const LINEAR_SCAR_DEG: f64 = 30.0;

/// The surface of a course.
#[derive(Debug, Clone)]
pub struct Square {
    /// Name of the pattern that its lines and pores follow, or of the map that it is.
    pub pattern: String,
    /// Whether it is measured: then it is the same in all members before treatment.
    pub measured: bool,
    /// How it lies.
    pub orientation: String,
    /// The lines of the central member, which the depths of the surface are.
    pub lines: LineFamilies,
    /// The surface.
    pub surface: Surface,
    /// Which of the course's single scars each of its scars is.
    pub scars: Vec<usize>,
}

/// A parameter of the surface over the ensemble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurfaceParameter {
    /// Symbol, as ISO 25178-2 or ISO 4287 has it.
    pub symbol: &'static str,
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Before the first session.
    pub before: Interval,
    /// At the last visit.
    pub after: Interval,
    /// Change of each member, % of its value before.
    pub change: Interval,
}

/// The surface over the ensemble, with all that makes its parameters comparable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurfaceOutcome {
    /// Day of the last visit.
    pub day: f64,
    /// Side of the square, µm.
    pub side_um: f64,
    /// Side of a pixel, µm.
    pub pixel_um: f64,
    /// Nesting index of the S-filter, µm.
    pub s_um: Option<f64>,
    /// Nesting index of the L-filter, µm.
    pub l_um: Option<f64>,
    /// Form that was removed.
    pub form: &'static str,
    /// Cut-off and sampling length of the profiles, µm.
    pub cutoff_um: f64,
    /// Direction of the profiles, degrees from x towards y.
    pub direction_deg: f64,
    /// The parameters.
    pub parameters: Vec<SurfaceParameter>,
}

/// Parameters of one surface, in the order of [`PARAMETERS`].
pub type Roughness = [f64; PARAMETERS.len()];

/// Symbol, name and unit.
const PARAMETERS: [(&str, &str, &str); 12] = [
    ("Sa", "arithmetic mean height", "µm"),
    ("Sq", "root mean square height", "µm"),
    ("Sz", "maximum height", "µm"),
    ("Ssk", "skewness", "1"),
    ("Sku", "kurtosis", "1"),
    ("Sdq", "root mean square gradient", "1"),
    ("Sdr", "developed interfacial area ratio", "%"),
    ("Sal", "autocorrelation length", "µm"),
    ("Str", "texture aspect ratio", "1"),
    ("Ra", "arithmetic mean deviation of the profile", "µm"),
    ("Rz", "maximum height of the profile", "µm"),
    ("Rt", "total height of the profile", "µm"),
];

impl Square {
    /// The square whose roughness is computed in every member.
    ///
    /// # Errors
    /// If a card is missing, or the square cannot be synthesised.
    pub fn of_ensemble(course: &Course, seed: u64) -> Result<Self, RunError> {
        Self::new(course, seed, PIXELS, MOST_OF_MAP)
    }

    /// The square that is drawn.
    ///
    /// # Errors
    /// If a card is missing, or the square cannot be synthesised.
    pub fn of_picture(course: &Course, seed: u64) -> Result<Self, RunError> {
        Self::new(course, seed, PICTURE_PIXELS, MOST_OF_PICTURE)
    }

    fn new(course: &Course, seed: u64, least_pixels: usize, most_of_map: f64) -> Result<Self, RunError> {
        let draw = Draw::central(&course.parameters);
        let lines = Lines::from_draw(&draw, &Layers::from_draw(&draw)?, course.person.age_years)?.baseline();
        if let Some(measured) = &course.surface.map {
            let map = measured.map.clone().coarsened(measured.map.side_um() / most_of_map);
            return Ok(Self {
                pattern: format!("Measured map {}", measured.path),
                measured: true,
                orientation: "as measured".into(),
                surface: Surface::from_map(map, &lines),
                lines,
                // Where the scars of the course lie on it is not known: those it has are part of it.
                scars: Vec::new(),
            });
        }
        let pattern = SurfacePattern::find(&course.surface.pattern)?;
        let resolving = (PER_FURROW * course.surface.side_um / lines.microrelief.wavelength_um).ceil() as usize;
        let surface = Surface::synthesise(&pattern, &lines, course.surface.side_um, least_pixels.max(resolving), seed)?;
        let (kinds, which): (Vec<_>, Vec<_>) =
            course.scars.iter().enumerate().flat_map(|(i, s)| vec![(kind(s), i); s.count as usize]).unzip();
        let placed = scatter_scars(&kinds, course.surface.side_um, seed);
        let footprints: Vec<_> = placed.iter().map(|(_, footprint)| *footprint).collect();
        Ok(Self {
            pattern: pattern.name,
            measured: false,
            orientation: pattern.orientation,
            lines,
            surface: surface.with_scars(&footprints, &pattern.texture),
            scars: placed.iter().map(|(kind, _)| which[*kind]).collect(),
        })
    }

    /// Heights where a member's own lines are `baseline` before treatment and have become what `day` says; scars have these reliefs
    /// (µm, pits negative), in the order of the course. A measured surface is before treatment what was measured, whoever the member is.
    #[must_use]
    pub fn heights(&self, baseline: &LineFamilies, day: Option<&LinesOfDay>, scar_relief_um: &[f64]) -> HeightMap {
        let depth = |kind: LineKind, central: f64| {
            let scale = if self.measured { 1.0 } else { baseline.of(kind).depth_um / self.lines.of(kind).depth_um };
            let own = central * scale;
            day.map_or(own, |day| day.depth_after(kind, own))
        };
        let depths: Vec<f64> = self.scars.iter().map(|i| -scar_relief_um.get(*i).copied().unwrap_or(0.0)).collect();
        self.surface.heights(&depth, &depths)
    }
}

/// How a scar of the course lies on the surface.
fn kind(scar: &SingleScar) -> (ScarProfile, f64) {
    let profile = match scar.class {
        ScarClass::Icepick => ScarProfile::IcePick,
        ScarClass::Boxcar => ScarProfile::Boxcar,
        ScarClass::Rolling => ScarProfile::Rolling,
        ScarClass::Linear => ScarProfile::Linear { length_um: scar.length_um.unwrap_or(0.0), direction_deg: LINEAR_SCAR_DEG },
        ScarClass::Hypertrophic => ScarProfile::Hypertrophic,
    };
    (profile, scar.width_um)
}

/// How the surfaces of a course are filtered and cut: the same before and after, and in every member.
#[derive(Debug, Clone, Copy)]
pub struct Metrology {
    filtration: Filtration,
    profile: ProfileSettings,
}

impl Metrology {
    /// The usual one of a square, profiles across the lines of the central member.
    ///
    /// # Errors
    /// If the square is too small for the filters.
    pub fn of(square: &Square) -> Result<Self, RunError> {
        let before = square.heights(&square.lines, None, &[]);
        let filtration = Filtration::usual(&before);
        let lay = areal(&before, &filtration)?.parameters.lay_deg;
        Ok(Self { filtration, profile: ProfileSettings::usual(&before, lay) })
    }

    /// Parameters of one surface. Those that it does not have are not a number.
    ///
    /// # Errors
    /// If the map does not fit the filters.
    pub fn roughness(&self, map: &HeightMap) -> Result<Roughness, RunError> {
        let a = areal(map, &self.filtration)?.parameters;
        let p = profile(map, &self.filtration, &self.profile)?;
        let or_none = |v: Option<f64>| v.unwrap_or(f64::NAN);
        Ok([
            a.sa_um,
            a.sq_um,
            a.sz_um,
            or_none(a.ssk),
            or_none(a.sku),
            a.sdq,
            100.0 * a.sdr,
            or_none(a.sal_um),
            or_none(a.str),
            p.ra_um,
            p.rz_um,
            p.rt_um,
        ])
    }

    /// The parameters over the members, before and after. One that some member does not have is left out.
    #[must_use]
    pub fn outcome(&self, square: &Square, day: f64, members: &[(Roughness, Roughness)]) -> SurfaceOutcome {
        let one = |(i, (symbol, name, unit)): (usize, &(&'static str, &'static str, &'static str))| {
            let all = |f: &dyn Fn(&(Roughness, Roughness)) -> f64| members.iter().map(f).collect::<Vec<f64>>();
            let (before, after) = (all(&|m| m.0[i]), all(&|m| m.1[i]));
            let change = all(&|m| 100.0 * (m.1[i] / m.0[i] - 1.0));
            let known = !before.is_empty() && before.iter().chain(&after).chain(&change).all(|v| v.is_finite());
            known.then(|| SurfaceParameter {
                symbol,
                name,
                unit,
                before: interval(&before),
                after: interval(&after),
                change: interval(&change),
            })
        };
        SurfaceOutcome {
            day,
            side_um: square.surface.columns() as f64 * square.surface.pixel_um(),
            pixel_um: square.surface.pixel_um(),
            s_um: self.filtration.s_um,
            l_um: self.filtration.l_um,
            form: self.filtration.form.name(),
            cutoff_um: self.profile.cutoff_um,
            direction_deg: self.profile.direction_deg,
            parameters: PARAMETERS.iter().enumerate().filter_map(one).collect(),
        }
    }
}
