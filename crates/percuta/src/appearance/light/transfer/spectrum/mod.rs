//! Reflectances of a stack at many wavelengths: as many side by side as a vector has lanes, with matrices of a fixed size.

mod lanes;
mod layer;
mod matrix;
mod stack;
mod tables;

use pulp::Arch;

use super::slab::{Slab, TransferError};
use super::stack::Transfer;
use stack::Stack;
pub(super) use tables::Kernel;

/// A layer at all wavelengths of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerSpectrum<'a> {
    /// Thickness, µm; infinite for a last layer without an end.
    pub thickness_um: f64,
    /// Absorption coefficient at each wavelength, 1/mm.
    pub absorption_per_mm: &'a [f64],
    /// Scattering coefficient at each wavelength, 1/mm.
    pub scattering_per_mm: &'a [f64],
    /// Mean cosine of the scattering angle at each wavelength.
    pub anisotropy: &'a [f64],
}

/// Reflectances of a stack at one wavelength, with what the face reflects like a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reflectance {
    /// Of a beam at right angles.
    pub normal: f64,
    /// Of light that comes equally from all of the half-space above.
    pub diffuse: f64,
}

impl LayerSpectrum<'_> {
    /// The layer at one wavelength.
    fn at(&self, i: usize) -> Slab {
        Slab {
            thickness_um: self.thickness_um,
            absorption_per_mm: self.absorption_per_mm[i],
            scattering_per_mm: self.scattering_per_mm[i],
            anisotropy: self.anisotropy[i],
        }
    }

    /// Checks layer number `layer` of `count` for so many wavelengths.
    fn check(&self, layer: usize, count: usize, wavelengths: usize) -> Result<(), TransferError> {
        let values =
            [("absorption_per_mm", self.absorption_per_mm), ("scattering_per_mm", self.scattering_per_mm), ("anisotropy", self.anisotropy)];
        for (what, values) in values {
            if values.len() != wavelengths {
                return Err(TransferError::Length { layer, what, found: values.len(), expected: wavelengths });
            }
        }
        (0..wavelengths).try_for_each(|i| self.at(i).check(layer, count))
    }
}

impl Transfer {
    /// Reflectances of a stack, the top layer first, at each wavelength of `out`. With 4, 6 or 8 angles many wavelengths are computed
    /// at once; with others, one after the other as by [`Transfer::flux`].
    ///
    /// # Errors
    /// If a layer has not a value for each wavelength, a value is not a number in its range, or a layer without an end has others
    /// below it.
    pub fn reflectances(&self, layers: &[LayerSpectrum<'_>], out: &mut [Reflectance]) -> Result<(), TransferError> {
        self.reflectances_on(Arch::new(), layers, out)
    }

    /// With a chosen set of vector instructions.
    pub(super) fn reflectances_on(&self, arch: Arch, layers: &[LayerSpectrum<'_>], out: &mut [Reflectance]) -> Result<(), TransferError> {
        layers.iter().enumerate().try_for_each(|(i, layer)| layer.check(i + 1, layers.len(), out.len()))?;
        match &self.kernel {
            Some(Kernel::Four(tables)) => arch.dispatch(Stack { tables, layers, out }),
            Some(Kernel::Six(tables)) => arch.dispatch(Stack { tables, layers, out }),
            Some(Kernel::Eight(tables)) => arch.dispatch(Stack { tables, layers, out }),
            None => {
                for (i, out) in out.iter_mut().enumerate() {
                    let slabs: Vec<Slab> = layers.iter().map(|layer| layer.at(i)).collect();
                    let flux = self.flux(&slabs)?;
                    *out = Reflectance { normal: flux.normal_reflectance, diffuse: flux.diffuse_reflectance };
                }
            }
        }
        Ok(())
    }
}
