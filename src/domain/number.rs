//! What a number is: its type and features. Its life in stock is in [`stock`], its life with an owner in [`owned`] and [`decide`],
//! and what nobody looks at in [`drift`].

use serde::{Deserialize, Serialize};

pub mod decide;
pub mod drift;
pub mod owned;
pub mod stock;

pub use decide::{Assign, HandOver, Lock, OwnedFacts, Release, Restore, TakeBack, TargetAgent, TargetSubAccount, Unassign, Warning};
pub use drift::Drift;
pub use owned::{BillingState, OwnedStatus, Recovery, ReleaseCause, Source};
pub use stock::{Claim, StockState, Withdrawal};

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberType {
    /// Belongs to a place.
    Local,
    /// Free for the caller.
    TollFree,
    /// Belongs to a country, not to a place in it.
    National,
    /// A mobile number.
    Mobile,
}

impl NumberType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Local, Self::TollFree, Self::National, Self::Mobile];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::TollFree => "toll_free",
            Self::National => "national",
            Self::Mobile => "mobile",
        }
    }

    /// The type with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|number_type| number_type.name() == name)
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::TollFree => "Toll-free",
            Self::National => "National",
            Self::Mobile => "Mobile",
        }
    }
}

/// A set of things that a number can do, as the bits that the database stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features(u8);

impl Features {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Calls.
    pub const VOICE: Self = Self(1);
    /// Text messages.
    pub const SMS: Self = Self(2);
    /// Picture messages.
    pub const MMS: Self = Self(4);
    /// Fax.
    pub const FAX: Self = Self(8);
    /// Emergency calls reach the right centre (E911).
    pub const EMERGENCY: Self = Self(16);

    /// Each feature with its name on the wire and its label for people.
    pub const TABLE: [(Self, &'static str, &'static str); 5] = [
        (Self::VOICE, "voice", "Voice"),
        (Self::SMS, "sms", "SMS"),
        (Self::MMS, "mms", "MMS"),
        (Self::FAX, "fax", "Fax"),
        (Self::EMERGENCY, "emergency", "E911"),
    ];

    /// The set with these bits; unknown bits are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 31)
    }

    /// The bits as they are stored.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Every feature of `wanted` is in it.
    #[must_use]
    pub const fn contains(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// The same set with those of `more`.
    #[must_use]
    pub const fn with(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    /// Nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Reads names with `separator` between; case and spaces around them do not matter, nor do empty places.
    ///
    /// # Errors
    /// The first name that is no feature, as it was written.
    pub fn parse_list(text: &str, separator: char) -> Result<Self, String> {
        let names = text.split(separator).map(str::trim).filter(|name| !name.is_empty());
        names.into_iter().try_fold(Self::NONE, |set, name| {
            let known = Self::TABLE.iter().find(|(_, wire, _)| wire.eq_ignore_ascii_case(name));
            known.map(|(feature, ..)| set.with(*feature)).ok_or_else(|| name.to_owned())
        })
    }

    /// For people: `Voice`, `SMS`, `MMS`, `Fax`, `E911`.
    #[must_use]
    pub fn labels(self) -> Vec<&'static str> {
        Self::TABLE.iter().filter(|(feature, ..)| self.contains(*feature)).map(|(.., label)| *label).collect()
    }

    /// The names on the wire.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        Self::TABLE.iter().filter(|(feature, ..)| self.contains(*feature)).map(|(_, name, _)| *name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn features_read_and_write() {
        let all = Features::from_bits(0xFF);
        assert_eq!(all.labels(), ["Voice", "SMS", "MMS", "Fax", "E911"]);
        assert_eq!(Features::parse_list("voice, SMS,,", ','), Ok(Features::VOICE.with(Features::SMS)));
        assert_eq!(Features::parse_list("voice,video", ','), Err(String::from("video")));
        assert_eq!(Features::parse_list("", ','), Ok(Features::NONE));
        assert!(all.contains(Features::FAX) && !Features::VOICE.contains(Features::FAX) && Features::VOICE.contains(Features::NONE));
    }

    #[test]
    fn types_come_back() {
        for number_type in NumberType::ALL {
            assert_eq!(NumberType::from_name(number_type.name()), Some(number_type));
        }
    }

    proptest! {
        #[test]
        fn names_and_bits_agree(bits in any::<u8>()) {
            let features = Features::from_bits(bits);
            prop_assert_eq!(Features::parse_list(&features.names().join(" "), ' '), Ok(features));
        }
    }
}
