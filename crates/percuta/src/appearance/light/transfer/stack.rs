//! Layers added from the bottom up, and light sent down through them.

use super::doubling::Layer;
use super::fresnel;
use super::matrix::Matrix;
use super::quadrature::Angles;
use super::scattering::Sheet;
use super::slab::{Face, Indices, Slab, TransferError};
use super::spectrum::Kernel;

/// Adding-doubling with a fixed number of angles.
#[derive(Debug, Clone)]
pub struct Transfer {
    pub(super) angles: Angles,
    /// √ of the share of each angle in diffuse light, by which amplitudes make fluxes.
    pub(super) roots: Vec<f64>,
    pub(super) above: Mirror,
    pub(super) below: Mirror,
    /// For spectra, if there is one for so many angles.
    pub(super) kernel: Option<Kernel>,
}

/// Where the light of a stack goes, as shares of what comes from above. The reflectances include what the face itself reflects, the
/// transmittances what has not been scattered.
#[derive(Debug, Clone, PartialEq)]
pub struct Flux {
    /// Reflected of a beam at right angles to the stack.
    pub normal_reflectance: f64,
    /// Transmitted of such a beam.
    pub normal_transmittance: f64,
    /// Reflected of light that comes equally from all of the half-space above.
    pub diffuse_reflectance: f64,
    /// Transmitted of such light.
    pub diffuse_transmittance: f64,
    /// The part of `normal_reflectance` that the upper face reflects like a mirror.
    pub specular: f64,
    /// Absorbed of the beam in each layer, the top first.
    pub absorbed: Vec<f64>,
}

/// A face as light meets it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mirror {
    /// Share that is sent back inside, by angle.
    pub(super) inside: Vec<f64>,
    /// Flux along each angle inside that comes in of unit diffuse flux outside.
    pub(super) entering: Vec<f64>,
}

/// Of what is reflected totally.
const LEAK: f64 = 1e-14;

/// Most angles.
const MOST_ANGLES: usize = 64;

impl Transfer {
    /// For stacks of one refractive index, with an even number of angles. In skin in air, 6 come
    /// within 0.002 of the limit and 8 within 0.0003.
    ///
    /// # Errors
    /// If an index is not between 1 and 2 or the number of angles not supported.
    pub fn new(angles: usize, indices: Indices) -> Result<Self, TransferError> {
        if !(4..=MOST_ANGLES).contains(&angles) || angles % 2 == 1 {
            return Err(TransferError::Angles { found: angles, most: MOST_ANGLES });
        }
        indices.check()?;
        Ok(Self::along(Angles::new(angles, &indices), &indices))
    }

    /// With angles of any kind, the last of them at right angles.
    pub(super) fn along(angles: Angles, indices: &Indices) -> Self {
        let roots = angles.shares().iter().map(|s| s.sqrt()).collect();
        let mirror = |face| Mirror::new(&angles, indices.stack, face);
        let mut transfer = Self { roots, above: mirror(indices.above), below: mirror(indices.below), angles, kernel: None };
        transfer.kernel = Kernel::new(&transfer);
        transfer
    }

    /// The light of a stack, the top layer first. Without layers it is that of the two faces.
    ///
    /// # Errors
    /// If a quantity is not a number in its range, or a layer without an end has others below it.
    pub fn flux(&self, stack: &[Slab]) -> Result<Flux, TransferError> {
        let layers = self.layers(stack)?;
        let below = self.reflections(&layers);
        let beam = self.interfaces(&layers, &below, &self.beam());
        let diffuse = self.interfaces(&layers, &below, &self.diffuse());
        let endless = stack.last().is_some_and(|s| s.thickness_um.is_infinite());
        let back = |field: &[Interface]| self.above.leaving(&self.fluxes(&field[0].up));
        let through = |field: &[Interface]| if endless { 0.0 } else { self.below.leaving(&self.fluxes(&field[layers.len()].down)) };
        let net: Vec<f64> = beam.iter().map(|light| self.sum(&light.down) - self.sum(&light.up)).collect();
        // Rounding may leave less than nothing, or more than all.
        let share = |x: f64| x.clamp(0.0, 1.0);
        Ok(Flux {
            normal_reflectance: share(self.above.specular() + back(&beam)),
            normal_transmittance: share(through(&beam)),
            diffuse_reflectance: share(self.above.diffuse_specular() + back(&diffuse)),
            diffuse_transmittance: share(through(&diffuse)),
            specular: self.above.specular(),
            absorbed: net.windows(2).map(|n| share(n[0] - n[1])).collect(),
        })
    }

    /// Amplitudes of a beam of unit flux at right angles once it is inside.
    pub(super) fn beam(&self) -> Vec<f64> {
        let last = self.roots.len() - 1;
        (0..=last).map(|i| if i == last { (1.0 - self.above.specular()) / self.roots[last] } else { 0.0 }).collect()
    }

    /// Amplitudes of diffuse light of unit flux once it is inside.
    pub(super) fn diffuse(&self) -> Vec<f64> {
        self.above.entering.iter().zip(&self.roots).map(|(e, r)| e / r).collect()
    }

    pub(super) fn layers(&self, stack: &[Slab]) -> Result<Vec<Layer>, TransferError> {
        let layer = |(i, slab): (usize, &Slab)| {
            slab.check(i + 1, stack.len())?;
            Ok(Layer::new(&Sheet::new(&self.angles, slab), 1e-3 * slab.thickness_um))
        };
        stack.iter().enumerate().map(layer).collect()
    }

    /// Reflection of all that lies below each interface; the first interface is the top of the first layer.
    pub(super) fn reflections(&self, layers: &[Layer]) -> Vec<Matrix> {
        let mut below = vec![Matrix::diagonal(&self.below.inside)];
        for layer in layers.iter().rev() {
            let (r, t, under) = (&layer.reflection, &layer.transmission, &below[below.len() - 1]);
            let down = Matrix::identity(r.size()).plus(-1.0, &r.times(under)).solve(t);
            below.push(r.plus(1.0, &t.times(&under.times(&down))));
        }
        below.reverse();
        below
    }

    /// Light at each interface if `source` comes in at the top.
    pub(super) fn interfaces(&self, layers: &[Layer], below: &[Matrix], source: &[f64]) -> Vec<Interface> {
        let mirror = Matrix::diagonal(&self.above.inside);
        let one = Matrix::identity(source.len());
        let mut down = one.plus(-1.0, &mirror.times(&below[0])).solve_for(source);
        let mut field = vec![Interface { up: below[0].of(&down), down: down.clone() }];
        for (layer, under) in layers.iter().zip(&below[1..]) {
            down = one.plus(-1.0, &layer.reflection.times(under)).solve_for(&layer.transmission.of(&down));
            field.push(Interface { up: under.of(&down), down: down.clone() });
        }
        field
    }

    fn sum(&self, amplitudes: &[f64]) -> f64 {
        self.fluxes(amplitudes).iter().sum()
    }

    pub(super) fn fluxes(&self, amplitudes: &[f64]) -> Vec<f64> {
        amplitudes.iter().zip(&self.roots).map(|(a, r)| a * r).collect()
    }
}

/// Amplitudes of light at an interface.
pub(super) struct Interface {
    pub(super) down: Vec<f64>,
    pub(super) up: Vec<f64>,
}

impl Mirror {
    fn new(angles: &Angles, inside: f64, face: Face) -> Self {
        // A little leaves at any angle, or light between two faces and nothing else would never come to an end.
        let inside_at = |&cosine: &f64| fresnel::reflection(inside, face, cosine).min(1.0 - LEAK);
        let reflected: Vec<f64> = angles.cosine.iter().map(inside_at).collect();
        // Diffuse light inside that is of the same radiance, after refraction, has the square of the ratio of indices as its flux.
        let squared = (inside / face.outside).powi(2);
        let entering = angles.shares().iter().zip(&reflected).map(|(s, r)| squared * s * (1.0 - r)).collect();
        Self { inside: reflected, entering }
    }

    /// Share of a beam at right angles that is reflected.
    pub(super) fn specular(&self) -> f64 {
        self.inside[self.inside.len() - 1]
    }

    /// Share of diffuse light outside that is reflected.
    pub(super) fn diffuse_specular(&self) -> f64 {
        1.0 - self.entering.iter().sum::<f64>()
    }

    /// Flux that leaves of the fluxes inside.
    pub(super) fn leaving(&self, fluxes: &[f64]) -> f64 {
        fluxes.iter().zip(&self.inside).map(|(f, r)| f * (1.0 - r)).sum()
    }
}
