//! Light that the surface throws back before it enters the skin.

use percuta::population::{Draw, ParameterError};

/// How smooth the horny layer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gloss {
    /// Refractive index of the surface.
    pub refractive_index: f64,
    /// Roughness below a pixel: the spread of the slopes of its facets, 1.
    pub roughness: f64,
}

impl Gloss {
    /// Reads the cards `photograph.refractive_index` and `photograph.roughness`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let cards = draw.group("photograph");
        Ok(Self { refractive_index: cards.get("refractive_index", "1")?, roughness: cards.get("roughness", "1")? })
    }

    /// Share of light that is thrown back at an angle of this cosine (Fresnel, unpolarised).
    #[must_use]
    pub fn fresnel(&self, cosine: f64) -> f64 {
        let n = self.refractive_index;
        let c = cosine.clamp(0.0, 1.0);
        let inner = (1.0 - (1.0 - c * c) / (n * n)).max(0.0).sqrt();
        let (s, p) = ((c - n * inner) / (c + n * inner), (inner - n * c) / (inner + n * c));
        0.5 * (s * s + p * p)
    }

    /// What a camera straight above sees of a lamp, relative to a white surface under it (facets after Trowbridge & Reitz;
    /// Walter et al. 2007, Rendering Techniques 18:195). `normal` and `lamp` are unit vectors.
    #[must_use]
    pub fn highlight(&self, normal: [f64; 3], lamp: [f64; 3], lamp_radius: f64) -> f64 {
        let (to_lamp, to_camera) = (dot(normal, lamp), normal[2]);
        if to_lamp <= 0.0 || to_camera <= 0.0 {
            return 0.0;
        }
        let half = unit([lamp[0], lamp[1], lamp[2] + 1.0]);
        // A wide lamp widens its highlight; half the angle, as facets turn light by twice their own.
        let a2 = self.roughness * self.roughness + 0.25 * lamp_radius * lamp_radius;
        let c2 = dot(normal, half).max(0.0).powi(2);
        let facets = a2 / (std::f64::consts::PI * (c2 * (a2 - 1.0) + 1.0).powi(2));
        let masked = |c: f64| 2.0 * c / (c + (a2 + (1.0 - a2) * c * c).sqrt());
        std::f64::consts::PI * self.fresnel(half[2]) * facets * masked(to_lamp) * masked(to_camera) / (4.0 * to_camera)
    }
}

/// Scalar product.
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The vector at length 1.
pub fn unit(v: [f64; 3]) -> [f64; 3] {
    let length = dot(v, v).sqrt().max(1e-12);
    v.map(|c| c / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSS: Gloss = Gloss { refractive_index: 1.5, roughness: 0.3 };

    #[test]
    fn fresnel_at_known_angles() {
        assert!((GLOSS.fresnel(1.0) - 0.04).abs() < 1e-12);
        assert!((GLOSS.fresnel(0.0) - 1.0).abs() < 1e-12);
        // At Brewster's angle only one polarisation is left: half of ((n²-1)/(n²+1))².
        let brewster = 1.5f64.atan().cos();
        assert!((GLOSS.fresnel(brewster) - 0.5 * (1.25f64 / 3.25).powi(2)).abs() < 1e-12);
    }

    #[test]
    fn a_facet_that_mirrors_the_lamp_shines_most() {
        let lamp = unit([-0.8, 0.0, 0.6]);
        let half = unit([lamp[0], 0.0, lamp[2] + 1.0]);
        let at = |n| GLOSS.highlight(n, lamp, 0.05);
        assert!(at(half) > 3.0 * at([0.0, 0.0, 1.0]) && at([0.0, 0.0, 1.0]) > 3.0 * at(unit([0.5, 0.0, 1.0])));
    }

    #[test]
    fn the_surface_throws_back_no_more_than_it_gets() {
        // Light of an even sky towards the camera: pi times the mean of the reflectance, far below 1 and above the Fresnel share.
        let n = 60_000;
        let golden = std::f64::consts::PI * (3.0 - 5f64.sqrt());
        let total: f64 = (0..n)
            .map(|k| {
                let z: f64 = (f64::from(k) + 0.5) / f64::from(n);
                let (sine, cosine) = (golden * f64::from(k)).sin_cos();
                let r = (1.0 - z * z).sqrt();
                GLOSS.highlight([0.0, 0.0, 1.0], [r * cosine, r * sine, z], 0.0)
            })
            .sum::<f64>();
        // Directions are even over the hemisphere: 2 pi / n each, and the white surface sends out 1/pi.
        let share = total * 2.0 * std::f64::consts::PI / f64::from(n) / std::f64::consts::PI;
        assert!((0.03..0.06).contains(&share), "{share}");
    }
}
