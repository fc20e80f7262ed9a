//! Downtime and risk: pain, bleeding, erythema, barrier, hyperpigmentation.
