//! The PhoneNumber object, of a number that is owned and of one that is for sale.

use serde::Serialize;

use crate::domain::e164::E164;
use crate::domain::number::{BillingState, Features};
use crate::domain::rental::period_due;
use crate::server::config::Settings;
use crate::server::ids::stable_id;
use crate::server::phone;
use crate::server::rest::envelope::{Instant, Money};
use crate::server::services::inventory::StockRow;
use crate::server::services::numbers::Record;

/// A number. What it does not have is left out, and nothing else may be added: a client refuses what it does not know.
#[derive(Debug, Clone, Serialize)]
pub struct PhoneNumber {
    pub id: String,
    /// Its owner; empty while nobody owns it.
    pub account_id: String,
    pub e164: String,
    pub country: String,
    pub region: String,
    pub capabilities: Capabilities,
    pub status: &'static str,
    pub provider: String,
    pub setup_fee: Money,
    pub monthly_fee: Money,
    pub currency: String,
    /// The agent that answers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// Its primary route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trunk_group_id: Option<String>,
    pub voice_enabled: bool,
    pub tags: Vec<String>,
    pub is_blocked: bool,
    pub is_trial_number: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
    pub minimum_commitment_months: u32,
    pub aadhaar_verification_required: bool,
    pub aadhaar_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchased_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_billing_date: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_billing_date: Option<Instant>,
    pub created_at: Instant,
    pub updated_at: Instant,
}

/// What a number can do.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Capabilities {
    pub voice: bool,
    pub sms: bool,
    pub mms: bool,
    pub fax: bool,
}

impl From<Features> for Capabilities {
    fn from(features: Features) -> Self {
        Self {
            voice: features.contains(Features::VOICE),
            sms: features.contains(Features::SMS),
            mms: features.contains(Features::MMS),
            fax: features.contains(Features::FAX),
        }
    }
}

impl PhoneNumber {
    /// A number of an account. `organization_auth_id` is whose it is while no sub-account has it.
    #[must_use]
    pub fn owned(record: Record, organization_auth_id: &str, settings: &Settings) -> Self {
        let Record { listed, tags, .. } = record;
        let number = listed.number;
        // Suspended numbers do not route: that is what Vobiz calls blocked.
        let is_blocked = number.billing_state == BillingState::Suspended;
        let capabilities = Capabilities::from(number.features);
        let country = E164::parse(&number.e164).ok().and_then(|e164| phone::country(&e164)).unwrap_or_default();
        let last_billing = number.anchor_at.filter(|_| number.periods_charged > 0);
        Self {
            account_id: listed.sub_account_auth_id.unwrap_or_else(|| organization_auth_id.to_owned()),
            application_id: number.agent_id().map(str::to_owned),
            trunk_group_id: number.primary_route_id,
            country,
            region: number.administrative_area,
            voice_enabled: capabilities.voice,
            capabilities,
            status: if is_blocked { "blocked" } else { "active" },
            provider: number.provider,
            setup_fee: Money(number.setup),
            monthly_fee: Money(number.monthly),
            currency: settings.currency.clone(),
            tags,
            is_blocked,
            is_trial_number: false,
            source: Some(number.source.name()),
            minimum_commitment_months: 0,
            aadhaar_verification_required: false,
            aadhaar_verified: false,
            purchased_at: Some(Instant(number.created_at)),
            last_billing_date: last_billing.map(|anchor| Instant(period_due(anchor, number.periods_charged.saturating_sub(1)))),
            next_billing_date: number.next_billing_at.map(Instant),
            created_at: Instant(number.created_at),
            updated_at: Instant(number.updated_at),
            id: number.id,
            e164: number.e164,
        }
    }

    /// The same as the answer to its purchase tells it, which names where it came from.
    #[must_use]
    pub fn just_bought(self) -> Self {
        Self { source: Some("inventory"), ..self }
    }

    /// A number for sale.
    #[must_use]
    pub fn stocked(row: StockRow, settings: &Settings) -> Self {
        let capabilities = Capabilities::from(row.features);
        Self {
            // Stock rows have no id but their number; a client needs one that stays.
            id: stable_id(&row.e164),
            account_id: String::new(),
            e164: row.e164,
            country: row.country,
            region: row.administrative_area,
            voice_enabled: capabilities.voice,
            capabilities,
            status: "active",
            provider: row.provider,
            setup_fee: Money(row.setup),
            monthly_fee: Money(row.monthly),
            currency: settings.currency.clone(),
            application_id: None,
            trunk_group_id: None,
            tags: Vec::new(),
            is_blocked: false,
            is_trial_number: false,
            source: None,
            minimum_commitment_months: 0,
            aadhaar_verification_required: false,
            aadhaar_verified: false,
            purchased_at: None,
            last_billing_date: None,
            next_billing_date: None,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
        }
    }
}
