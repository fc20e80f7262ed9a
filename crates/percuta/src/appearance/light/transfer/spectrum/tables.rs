//! What a stack's layers do not change.

use super::super::matrix::Matrix;
use super::super::stack::Transfer;

/// Angles and faces, for kernels of a size that is known when compiled.
#[derive(Debug, Clone)]
pub(in super::super) struct Tables<const N: usize> {
    /// Redistribution by the phase function's moment of each degree alone.
    pub(super) phase: [[[f64; N]; N]; N],
    /// 1 over the cosine of each angle.
    pub(super) steepness: [f64; N],
    /// √ of what the upper face sends back inside.
    pub(super) mirror: [f64; N],
    /// What the lower face sends back.
    pub(super) below: [f64; N],
    /// Flux that leaves through the upper face by amplitude inside.
    pub(super) leaving: [f64; N],
    /// Amplitudes of diffuse light that has entered.
    pub(super) entering: [f64; N],
    /// Amplitude of a beam that has entered, along the last angle.
    pub(super) beam: f64,
    /// What the upper face reflects of a beam and of diffuse light.
    pub(super) specular: [f64; 2],
}

/// Tables of the sizes for which there are kernels.
#[derive(Debug, Clone)]
pub(in super::super) enum Kernel {
    Four(Box<Tables<4>>),
    Six(Box<Tables<6>>),
    Eight(Box<Tables<8>>),
}

impl Kernel {
    pub(in super::super) fn new(of: &Transfer) -> Option<Self> {
        match of.roots.len() {
            4 => Some(Self::Four(Box::new(Tables::new(of)))),
            6 => Some(Self::Six(Box::new(Tables::new(of)))),
            8 => Some(Self::Eight(Box::new(Tables::new(of)))),
            _ => None,
        }
    }
}

impl<const N: usize> Tables<N> {
    fn new(of: &Transfer) -> Self {
        let single = |degree: usize| {
            of.angles.redistribution(degree % 2, &std::array::from_fn::<f64, N, _>(|l| if l == degree { 1.0 } else { 0.0 }))
        };
        let array = |matrix: Matrix| std::array::from_fn(|i| std::array::from_fn(|j| matrix.at(i, j)));
        let (above, last) = (&of.above, N - 1);
        Self {
            phase: std::array::from_fn(|degree| array(single(degree))),
            steepness: std::array::from_fn(|i| 1.0 / of.angles.cosine[i]),
            mirror: std::array::from_fn(|i| above.inside[i].sqrt()),
            below: std::array::from_fn(|i| of.below.inside[i]),
            leaving: std::array::from_fn(|i| (1.0 - above.inside[i]) * of.roots[i]),
            entering: std::array::from_fn(|i| of.diffuse()[i]),
            beam: of.beam()[last],
            specular: [above.specular(), above.diffuse_specular()],
        }
    }
}
