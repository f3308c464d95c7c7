//! Searching the stock, and looking at one number of it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::scope::Scope;
use crate::domain::search::RawFilter;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::rest::envelope::{Instant, Money, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::search::FoundRow;
use crate::server::search::facets::{Count, Facets};
use crate::server::services::inventory::{self, Offer};
use crate::server::services::search::{self, DropOne, Seeker};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/numbers/search", "searchNumbers", find)
            .scope(Scope::NumbersRead)
            .about("Searches the numbers that can be had, exactly as of now."),
        Route::get("/numbers/available/{e164}", "getAvailableNumber", available)
            .scope(Scope::NumbersRead)
            .about("Looks at one number of the stock again, with its present price.")
            .refuses(&[Code::NumberUnavailable, Code::OrderInProgress, Code::NeverStocked]),
    ]
}

/// The caller's own hold on a number.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnHold {
    /// Its id.
    pub id: String,
    /// When it ends.
    pub expires_at: Instant,
}

/// A number that can be had.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AvailableNumber)]
pub struct AvailableBody {
    /// The number.
    pub e164: String,
    /// For people.
    pub formatted: String,
    /// With the best word that it spells; null when it spells none.
    #[schema(required)]
    pub vanity_format: Option<String>,
    /// Its city.
    pub locality: String,
    /// Its state or province.
    pub region: String,
    /// Its rate center.
    pub rate_center: String,
    /// `local`, `toll_free`, `national` or `mobile`.
    pub number_type: &'static str,
    /// Of `voice`, `sms`, `mms`, `fax`, `emergency`.
    pub features: Vec<&'static str>,
    /// To be paid once.
    pub setup_cost: Money,
    /// To be paid each month.
    pub monthly_cost: Money,
    /// The currency of both.
    pub currency: String,
    /// The public label of its carrier.
    #[schema(required)]
    pub provider: Option<String>,
    /// It can be held.
    pub reservable: bool,
    /// How easily it is kept in mind, 0 to 100.
    pub memorability: u8,
    /// The caller's own hold on it.
    #[schema(required)]
    pub hold: Option<OwnHold>,
    /// It only comes close to what was asked for.
    pub best_effort: bool,
    /// Which filters it misses.
    pub relaxed: Vec<&'static str>,
    /// It rests after the caller's own release: only the caller can have it.
    pub buy_back: bool,
}

impl AvailableBody {
    fn found(row: FoundRow, currency: &str) -> Self {
        Self {
            formatted: phone::formatted(&row.e164),
            e164: row.e164,
            vanity_format: Some(row.vanity).filter(|vanity| !vanity.is_empty()),
            locality: row.locality,
            region: row.administrative_area,
            rate_center: row.rate_center,
            number_type: row.number_type.name(),
            features: row.features.names(),
            setup_cost: Money(row.setup),
            monthly_cost: Money(row.monthly),
            currency: currency.to_owned(),
            provider: row.provider,
            reservable: true,
            memorability: row.memorability.score,
            hold: row.hold.map(|hold| OwnHold { id: hold.id, expires_at: Instant(hold.expires_at) }),
            best_effort: !row.relaxed.is_empty(),
            relaxed: row.relaxed.iter().map(|filter| wire_name(filter.name())).collect(),
            buy_back: false,
        }
    }

    fn offered(offer: Offer, currency: &str) -> Self {
        let row = offer.row;
        Self {
            formatted: phone::formatted(&row.e164),
            e164: row.e164,
            vanity_format: offer.vanity,
            locality: row.locality,
            region: row.administrative_area,
            rate_center: row.rate_center,
            number_type: row.number_type.name(),
            features: row.features.names(),
            setup_cost: Money(offer.setup),
            monthly_cost: Money(offer.monthly),
            currency: currency.to_owned(),
            provider: Some(row.provider),
            reservable: true,
            memorability: offer.memorability.score,
            hold: offer.hold.map(|hold| OwnHold { id: hold.id, expires_at: Instant(hold.expires_at) }),
            best_effort: false,
            relaxed: Vec::new(),
            buy_back: offer.buy_back,
        }
    }
}

impl Sample for AvailableBody {
    fn sample() -> Self {
        Self {
            e164: String::from("+14153569377"),
            formatted: String::from("(415) 356-9377"),
            vanity_format: Some(String::from("3-JOY-DESK")),
            locality: String::from("San Francisco"),
            region: String::from("CA"),
            rate_center: String::from("SAN FRNCSC"),
            number_type: "local",
            features: vec!["voice", "sms"],
            setup_cost: Money(Micros(1_000_000)),
            monthly_cost: Money(Micros(1_250_000)),
            currency: String::from("USD"),
            provider: Some(String::from("c-1")),
            reservable: true,
            memorability: 72,
            hold: None,
            best_effort: false,
            relaxed: Vec::new(),
            buy_back: false,
        }
    }
}

/// A value of a filter with how many numbers it would give.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacetValue {
    /// To be sent as the filter.
    pub value: String,
    /// For people.
    pub label: String,
    /// Numbers that fit.
    pub count: u64,
}

/// Counts behind each filter.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacetCounts {
    pub country: Vec<FacetValue>,
    pub administrative_area: Vec<FacetValue>,
    pub locality: Vec<FacetValue>,
    pub rate_center: Vec<FacetValue>,
    pub area_code: Vec<FacetValue>,
    /// Within the area code that is asked for; empty where none is.
    pub exchange: Vec<FacetValue>,
    pub number_type: Vec<FacetValue>,
    pub features: Vec<FacetValue>,
    pub max_monthly_cost: Vec<FacetValue>,
    pub max_setup_cost: Vec<FacetValue>,
}

/// A filter that alone keeps numbers away.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    /// The filter; one feature of several is `features`.
    pub filter: String,
    /// What it asks for, for people.
    pub value: String,
    /// Numbers that there would be without it.
    pub count: u64,
}

/// What stands beside the rows of a search.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchMore {
    /// With `facets=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<FacetCounts>,
    /// Where nothing fits strictly: filters that would give numbers when left out, most first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<Vec<Suggestion>>,
}

impl Sample for SearchMore {
    fn sample() -> Self {
        Self::default()
    }
}

/// Values of one filter at the most (R60).
const FACET_VALUES: usize = 50;

impl From<Facets> for FacetCounts {
    fn from(facets: Facets) -> Self {
        let values = |counts: Vec<Count>| {
            let chosen = counts.into_iter().filter(|count| !count.value.is_empty()).take(FACET_VALUES);
            chosen.map(|count| FacetValue { value: count.value, label: count.label, count: count.count }).collect()
        };
        Self {
            country: values(facets.countries),
            administrative_area: values(facets.states),
            locality: values(facets.cities),
            rate_center: values(facets.rate_centers),
            area_code: values(facets.area_codes),
            exchange: values(facets.exchanges),
            number_type: values(facets.kinds),
            features: values(facets.features),
            max_monthly_cost: values(facets.prices),
            max_setup_cost: values(facets.setups),
        }
    }
}

impl From<DropOne> for Suggestion {
    fn from(dropped: DropOne) -> Self {
        let name = dropped.filter.split(':').next().unwrap_or_default();
        Self { filter: wire_name(name).to_owned(), value: dropped.value, count: dropped.count }
    }
}

/// What a filter is called here; pages call it otherwise.
fn wire_name(page_name: &str) -> &'static str {
    match page_name {
        "starts_with" => "startsWith",
        "ends_with" => "endsWith",
        "contains" => "contains",
        "country" => "country",
        "state" => "administrativeArea",
        "city" => "locality",
        "rate_center" => "rateCenter",
        "area" => "areaCode",
        "exchange" => "exchange",
        "features" => "features",
        "max_monthly" => "maxMonthlyCost",
        "max_setup" => "maxSetupCost",
        "kind" => "numberType",
        "sort" => "sort",
        "cursor" => "cursor",
        _ => "pattern",
    }
}

struct SearchQuery {
    values: Values,
    /// The pattern, or the shape behind its sign.
    asked: String,
}

impl SearchQuery {
    fn text(&self, name: &str) -> String {
        self.values.text(name).unwrap_or_default()
    }
}

impl FromQuery for SearchQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("country", Kind::Text(64), "Two-letter codes with commas between; US when nothing else says where."),
        Field::optional("areaCode", Kind::Text(16), "The area code."),
        Field::optional("exchange", Kind::Text(16), "The three digits behind the area code."),
        Field::optional("startsWith", Kind::Text(32), "Digits or keypad letters behind the country code."),
        Field::optional("contains", Kind::Text(32), "Digits or keypad letters anywhere."),
        Field::optional("endsWith", Kind::Text(32), "Digits or keypad letters at the end."),
        Field::optional("pattern", Kind::Text(32), "`?` one digit, `*` any run, letters their keys, `^` and `$` the ends."),
        Field::optional("shape", Kind::Text(16), "Repeats such as AABB: each letter one digit, other letters other digits."),
        Field::optional("numberType", Kind::Choice(&["local", "toll_free", "national", "mobile"]), "The type of number."),
        Field::optional("locality", Kind::Text(64), "The city."),
        Field::optional("administrativeArea", Kind::Text(64), "The state or province, by code or name."),
        Field::optional("rateCenter", Kind::Text(64), "The rate center."),
        Field::optional("features", Kind::Choices(&["voice", "sms", "mms", "fax", "emergency"]), "What the number must be able to do."),
        Field::optional("maxMonthlyCost", Kind::Money, "The highest monthly cost."),
        Field::optional("maxSetupCost", Kind::Money, "The highest setup cost."),
        Field::optional("sort", Kind::Choice(&["memorability", "price", "number", "locality"]), "The order; memorability when not given."),
        Field::optional("bestEffort", Kind::Flag, "False for strict matches only; true when it is not given."),
        Field::optional("facets", Kind::Flag, "True adds the counts behind each filter."),
        Field::optional("limit", Kind::Integer(1, 50), "Rows of a page, 20 when it is not given."),
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        let shape = values.text("shape").filter(|shape| !shape.is_empty());
        let asked = shape.map_or_else(|| values.text("pattern").unwrap_or_default(), |shape| format!("={shape}"));
        Self { values: values.clone(), asked }
    }
}

async fn find(call: Call, Query(query): Query<SearchQuery>) -> Result<Page<AvailableBody, SearchMore>> {
    if query.values.has("shape") && query.values.has("pattern") {
        return Err(Refusal::field("shape", "Send a pattern or a shape, not both.").into());
    }
    if query.text("pattern").trim_start().starts_with('=') {
        return Err(Refusal::field("pattern", "Send repeats as `shape`.").into());
    }
    let texts = Texts::of(&query);
    let filter = texts.filter(&query.asked);
    let (sort, cursor) = (query.text("sort"), query.text("cursor"));
    let limit = query.values.limit();
    let strict = query.values.flag("bestEffort") == Some(false);
    let asked = search::Query { filter, sort: &sort, cursor: &cursor, limit: Some(limit), strict };
    let seeker = Seeker::Caller(&call.caller);
    let found = search::search(&call.state, seeker, &asked).await?;
    if !found.errors.is_empty() {
        let named = |error: FieldError| {
            let name = if error.field == "q" && query.values.has("shape") { "shape" } else { wire_name(&error.field) };
            FieldError::new(name, error.message)
        };
        return Err(Refusal::Validation { errors: found.errors.into_iter().map(named).collect() }.into());
    }
    let mut more = SearchMore::default();
    if query.values.flag("facets") == Some(true) {
        more.facets = Some(search::facets(&call.state, seeker, &filter).await?.into());
    }
    if found.total == 0 {
        let dropped = search::explain(&call.state, seeker, &filter).await?;
        more.suggestions = Some(dropped.into_iter().map(Suggestion::from).collect());
    }
    let currency = &call.state.settings.currency;
    let widened = u64::try_from(found.widened.len()).unwrap_or_default();
    let rows = found.rows.into_iter().chain(found.widened).map(|row| AvailableBody::found(row, currency)).collect();
    let pagination = Pagination { widened: Some(widened), ..Pagination::new(limit, found.total, found.next_cursor) };
    Ok(Page { rows, pagination, more })
}

/// The parameters as the search reads them.
struct Texts([String; 13]);

impl Texts {
    const NAMES: [&'static str; 10] = [
        "country",
        "areaCode",
        "exchange",
        "startsWith",
        "contains",
        "endsWith",
        "numberType",
        "locality",
        "administrativeArea",
        "rateCenter",
    ];

    fn of(query: &SearchQuery) -> Self {
        let mut texts: [String; 13] = Default::default();
        for (slot, name) in texts.iter_mut().zip(Self::NAMES) {
            *slot = query.text(name);
        }
        let money = |name| query.values.money(name).map(Micros::decimal).unwrap_or_default();
        let [.., features, monthly, setup] = &mut texts;
        *features = query.values.texts("features").unwrap_or_default().join(",");
        (*monthly, *setup) = (money("maxMonthlyCost"), money("maxSetupCost"));
        Self(texts)
    }

    fn filter<'a>(&'a self, asked: &'a str) -> RawFilter<'a> {
        let [country, area, exchange, starts_with, contains, ends_with, kind, city, state, rate_center, features, max_monthly, max_setup] =
            &self.0;
        RawFilter {
            q: asked,
            at: "",
            starts_with,
            ends_with,
            contains,
            country,
            area,
            exchange,
            state,
            city,
            rate_center,
            kind,
            features,
            max_monthly,
            max_setup,
        }
    }
}

async fn available(call: Call) -> Result<Reply<AvailableBody>> {
    let offer = inventory::offer(&call.state, &call.caller, call.path("e164")).await?;
    Ok(Reply::of(AvailableBody::offered(offer, &call.state.settings.currency)))
}
