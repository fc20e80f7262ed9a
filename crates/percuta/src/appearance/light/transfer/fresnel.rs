//! Reflection of unpolarised light at a face.

use super::slab::Face;

/// Share of light in `inside` that a face sends back, by the cosine of its direction inside.
pub(super) fn reflection(inside: f64, face: Face, cosine: f64) -> f64 {
    match face.plate {
        None => step(inside, face.outside, cosine),
        Some(plate) => {
            let sine = (1.0 - cosine * cosine).max(0.0).sqrt() * inside / plate;
            let (first, second) = (step(inside, plate, cosine), step(plate, face.outside, (1.0 - sine * sine).max(0.0).sqrt()));
            // Light goes back and forth in the plate.
            if first >= 1.0 { 1.0 } else { (first + second - 2.0 * first * second) / (1.0 - first * second) }
        }
    }
}

/// At the step from one index to another: the mean of both polarisations; 1 beyond the critical angle.
fn step(from: f64, to: f64, cosine: f64) -> f64 {
    let sine = (1.0 - cosine * cosine).max(0.0).sqrt() * from / to;
    if from == to {
        return 0.0;
    }
    if sine >= 1.0 {
        return 1.0;
    }
    let beyond = (1.0 - sine * sine).sqrt();
    let perpendicular = (from * cosine - to * beyond) / (from * cosine + to * beyond);
    let parallel = (from * beyond - to * cosine) / (from * beyond + to * cosine);
    0.5 * (perpendicular * perpendicular + parallel * parallel)
}

/// Cosine in `inside` beyond which light leaves through a face; 0 if all of it does.
pub(super) fn critical_cosine(inside: f64, face: Face) -> f64 {
    let sine = face.plate.map_or(face.outside, |plate| plate.min(face.outside)) / inside;
    (1.0 - sine * sine).max(0.0).sqrt()
}
