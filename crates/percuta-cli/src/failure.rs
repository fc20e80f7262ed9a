//! Why the program ends without having done what was asked.

/// An exit code and what to tell the user.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    pub text: String,
}

impl Failure {
    /// The run failed or its files could not be written.
    pub fn run(text: impl Into<String>) -> Self {
        Self { code: 1, text: format!("error: {}", text.into()) }
    }

    /// A mistake of the user.
    pub fn input(text: impl Into<String>) -> Self {
        Self { code: 2, text: format!("error: {}", text.into()) }
    }

    /// Mistakes of the user that are laid out already.
    pub fn shown(text: String) -> Self {
        Self { code: 2, text }
    }

    /// The user stopped the program.
    pub fn interrupted(text: impl Into<String>) -> Self {
        Self { code: 130, text: text.into() }
    }
}
