//! What one sees: lines, scars, tone and colour.
