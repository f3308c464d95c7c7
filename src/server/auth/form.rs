//! What the fields that name people must look like, told all at once. Passwords have their own file.

use super::password;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::error::Result;

/// Longest email address that mail systems carry.
const MAX_EMAIL: usize = 254;
/// Longest name of a person or an organization, as the schema has it.
const MAX_NAME: usize = 80;

/// Collects what is wrong with a form, so that people correct it once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Notes a fault of a field, if there is one.
    pub fn note(&mut self, field: &str, fault: Option<&str>) {
        if let Some(message) = fault {
            self.0.push(FieldError::new(field, message));
        }
    }

    /// The email as it is stored and looked up.
    pub fn email(&mut self, text: &str) -> String {
        let email = text.trim().to_lowercase();
        self.note("email", (!is_email(&email)).then_some("Write an address such as ada@example.com."));
        email
    }

    /// A name without the white space around it.
    pub fn name(&mut self, field: &str, text: &str) -> String {
        let name = text.trim();
        let length = name.chars().count();
        let fault = if length == 0 {
            Some("Write a name.")
        } else if length > MAX_NAME {
            Some("Use at most 80 characters.")
        } else if name.chars().any(char::is_control) {
            Some("A name is one line of text.")
        } else {
            None
        };
        self.note(field, fault);
        name.to_owned()
    }

    /// A password that somebody wants to use from now on.
    pub fn new_password(&mut self, text: &str, email: &str) {
        self.note("password", password::fault(text, email));
    }

    /// Goes on when nothing was noted.
    ///
    /// # Errors
    /// [`Refusal::Validation`] with everything that was noted.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Validation { errors: self.0 }.into()) }
    }
}

/// Whether mail could be sent there, as far as the form goes.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |character: char| character.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(character);
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let local_fits = (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    text.len() <= MAX_EMAIL && local_fits && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_told_from_other_texts() {
        for good in ["ada@example.com", "root@localhost", "ada.l+x@mail.example.co.uk", "\u{e4}da@example.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@@example.com",
            "a da@example.com",
            "ada@example..com",
            "ada@-x.com",
            "ada<x>@example.com",
            ".a@b.c",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("{}@example.com", "a".repeat(65))));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let mut faults = Faults::default();
        let email = faults.email(" Nobody ");
        faults.name("name", "  ");
        faults.name("organization", "x\u{7}");
        faults.new_password("short", &email);
        let refusal = faults.into_result().expect_err("has faults").refusal().expect("is a refusal");
        let Refusal::Validation { errors } = refusal else { panic!("not a validation") };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["email", "name", "organization", "password"]);
    }
}
