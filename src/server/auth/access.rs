//! The check that every server function starts with: what it needs against who asks (R20).

use super::session::Session;
use crate::domain::account::Need;
use crate::domain::code::Code;
use crate::server::error::Result;
use crate::server::services::caller::Caller;

/// Who passed the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Somebody who is not signed in.
    Visitor,
    /// A signed-in person without an organization.
    Person,
    /// A person on behalf of their organization.
    Member(Caller),
    /// The operator, in no organization.
    Operator(Caller),
}

impl Principal {
    /// Who acts, for services; none for those who act for nobody.
    #[must_use]
    pub const fn caller(&self) -> Option<&Caller> {
        match self {
            Self::Member(caller) | Self::Operator(caller) => Some(caller),
            Self::Visitor | Self::Person => None,
        }
    }
}

/// Lets the session do what `need` asks for, or says why not.
///
/// # Errors
/// `unauthenticated`, `role_too_low`, `admin_required`.
pub fn check(need: Need, session: Option<&Session>) -> Result<Principal> {
    match (need, session) {
        (Need::Open, None) => Ok(Principal::Visitor),
        (_, None) => Err(Code::Unauthenticated.into()),
        (Need::Open | Need::SignedIn, Some(session)) => Ok(session.caller().map_or(Principal::Person, Principal::Member)),
        (Need::Role(role), Some(session)) => {
            let caller = session.caller().filter(|caller| caller.role >= role).ok_or(Code::RoleTooLow)?;
            Ok(Principal::Member(caller))
        }
        (Need::PlatformAdmin, Some(session)) => Ok(Principal::Operator(session.operator().ok_or(Code::AdminRequired)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::session::ChosenOrganization;
    use super::*;
    use crate::domain::account::Role;
    use crate::domain::time::Timestamp;

    fn session(role: Option<Role>, platform_admin: bool) -> Session {
        Session {
            id_hash: String::new(),
            user_id: String::from("u"),
            name: String::from("Ada"),
            email: String::from("ada@example.com"),
            platform_admin,
            organization: role.map(|role| ChosenOrganization {
                id: String::from("o"),
                name: String::from("Acme"),
                role,
                sub_account_id: None,
            }),
            expires_at: Timestamp::from_seconds(0),
        }
    }

    fn code(need: Need, session: Option<&Session>) -> Option<Code> {
        check(need, session).err().and_then(|error| error.refusal()).map(|refusal| refusal.code())
    }

    #[test]
    fn each_need_against_each_person() {
        let roles = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];
        for need in [Need::SignedIn, Need::Role(Role::Viewer), Need::PlatformAdmin] {
            assert_eq!(code(need, None), Some(Code::Unauthenticated));
        }
        assert_eq!(code(Need::Open, None), None);
        for has in roles {
            for wants in roles {
                let expected = (has < wants).then_some(Code::RoleTooLow);
                assert_eq!(code(Need::Role(wants), Some(&session(Some(has), false))), expected);
            }
            assert_eq!(code(Need::PlatformAdmin, Some(&session(Some(has), false))), Some(Code::AdminRequired));
            assert_eq!(code(Need::PlatformAdmin, Some(&session(Some(has), true))), None);
        }
        assert_eq!(code(Need::Role(Role::Viewer), Some(&session(None, true))), Some(Code::RoleTooLow));
        assert_eq!(code(Need::SignedIn, Some(&session(None, false))), None);
    }
}
