//! Reading the raw texts of a search. What makes no sense is told field by field, with an example of what would.

use super::{DEFAULT_COUNTRY, Filter, FilterName, Sort, State, country_name, find_state};
use crate::domain::e164::is_possible_code;
use crate::domain::keypad;
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType};
use crate::domain::pattern::{Pattern, PatternFault, Placement};
use crate::domain::refusal::FieldError;

/// The longest name of a place.
const PLACE_CHARACTERS: usize = 64;

/// A search as it was typed; an empty text asks for nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct RawFilter<'a> {
    /// Digits, a word, a pattern, or a shape that begins with `=`.
    pub q: &'a str,
    /// Where `q` stands: `anywhere` (also when empty), `starts`, `ends`, or `pattern` for the whole number.
    pub at: &'a str,
    /// Digits or letters at the start.
    pub starts_with: &'a str,
    /// Digits or letters at the end.
    pub ends_with: &'a str,
    /// Digits or letters anywhere.
    pub contains: &'a str,
    /// Two-letter codes joined by commas.
    pub country: &'a str,
    /// NANP area code.
    pub area: &'a str,
    /// NANP exchange.
    pub exchange: &'a str,
    /// Code or name.
    pub state: &'a str,
    /// City.
    pub city: &'a str,
    /// Rate center.
    pub rate_center: &'a str,
    /// A name of [`NumberType`].
    pub kind: &'a str,
    /// Names of [`Features`] joined by commas.
    pub features: &'a str,
    /// A decimal.
    pub max_monthly: &'a str,
    /// A decimal.
    pub max_setup: &'a str,
}

/// Keeps what could be read and collects what could not.
#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn keep<T>(&mut self, field: &str, read: Result<Option<T>, String>) -> Option<T> {
        read.unwrap_or_else(|message| {
            self.0.push(FieldError::new(field, message));
            None
        })
    }
}

impl Filter {
    /// Reads every field.
    ///
    /// # Errors
    /// All fields that make no sense, by their names on the page, each with an example of what would.
    pub fn parse(raw: &RawFilter<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let placement = errors.keep("at", placement(raw.at)).unwrap_or_default();
        let mut pattern_of = |name: FilterName, text, placement| errors.keep(name.name(), pattern(text, placement));
        let mut filter = Self {
            pattern: pattern_of(FilterName::Q, raw.q, placement),
            starts_with: pattern_of(FilterName::StartsWith, raw.starts_with, Placement::Starts),
            ends_with: pattern_of(FilterName::EndsWith, raw.ends_with, Placement::Ends),
            contains: pattern_of(FilterName::Contains, raw.contains, Placement::Anywhere),
            ..Self::default()
        };
        filter.area_code = errors.keep(FilterName::Area.name(), code(raw.area, "An area code", "415"));
        filter.exchange = errors.keep(FilterName::Exchange.name(), code(raw.exchange, "An exchange", "555"));
        filter.read_place(raw, &mut errors);
        filter.number_type = errors.keep(FilterName::Kind.name(), number_type(raw.kind));
        filter.features = errors.keep(FilterName::Features.name(), features(raw.features)).unwrap_or_default();
        filter.max_monthly = errors.keep(FilterName::MaxMonthly.name(), amount(raw.max_monthly));
        filter.max_setup = errors.keep(FilterName::MaxSetup.name(), amount(raw.max_setup));
        if errors.0.is_empty() { Ok(filter) } else { Err(errors.0) }
    }

    /// Countries and states together, because each is read in the light of the other (R31): no country means the state's own one, both
    /// countries of the area codes when an area code is given, else the default.
    fn read_place(&mut self, raw: &RawFilter<'_>, errors: &mut Errors) {
        let chosen = errors.keep(FilterName::Country.name(), countries(raw.country));
        let state = errors.keep(FilterName::State.name(), state(raw.state, chosen.as_deref()));
        self.countries = match (chosen, &state) {
            (Some(chosen), _) => chosen,
            (None, Some(Region::Known(state))) => vec![state.country.to_owned()],
            (None, _) if self.area_code.is_some() => vec![String::from("US"), String::from("CA")],
            (None, _) => vec![DEFAULT_COUNTRY.to_owned()],
        };
        self.state = state.map(|state| match state {
            Region::Known(state) => state.code.to_owned(),
            Region::Abroad(name) => name,
        });
        self.locality = errors.keep(FilterName::City.name(), place(raw.city));
        self.rate_center = errors.keep(FilterName::RateCenter.name(), place(raw.rate_center)).map(|name| name.to_uppercase());
    }
}

impl Sort {
    /// Reads the order of the rows; empty is the default.
    ///
    /// # Errors
    /// A name that is no order, as an error of the field `sort`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        match text.trim() {
            "" => Ok(Self::default()),
            name => Self::from_name(name).ok_or_else(|| {
                FieldError::new(
                    "sort",
                    format!("Numbers cannot be sorted by \u{201c}{name}\u{201d}. Use memorability, price, number or locality."),
                )
            }),
        }
    }
}

enum Region {
    Known(&'static State),
    Abroad(String),
}

fn placement(text: &str) -> Result<Option<Placement>, String> {
    match text.trim() {
        "" | "anywhere" => Ok(Some(Placement::Anywhere)),
        "starts" => Ok(Some(Placement::Starts)),
        "ends" => Ok(Some(Placement::Ends)),
        "pattern" => Ok(Some(Placement::Exact)),
        other => Err(format!("There is no place \u{201c}{other}\u{201d}. Use anywhere, starts, ends or pattern.")),
    }
}

fn pattern(text: &str, placement: Placement) -> Result<Option<Pattern>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let told = |fault: PatternFault| format!("{} See character {}.", fault.message, fault.position + 1);
    Pattern::parse(text, placement).map(Some).map_err(told)
}

/// Three digits of NANP; letters are their keys, and a 1 in front is the country code (R2).
fn code(text: &str, what: &str, example: &str) -> Result<Option<String>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let senseless =
        text.chars().any(|character| !character.is_whitespace() && !"+-.()".contains(character) && keypad::dialled(character).is_none());
    let digits = keypad::to_digits(text);
    let digits = digits.strip_prefix('1').unwrap_or(&digits);
    if !senseless && is_possible_code(digits) {
        return Ok(Some(digits.to_owned()));
    }
    Err(format!("{what} has three digits, starts with 2 to 9 and does not end in 11, such as {example}."))
}

fn countries(text: &str) -> Result<Option<Vec<String>>, String> {
    let mut codes: Vec<String> = Vec::new();
    for code in text.split(',').map(str::trim).filter(|code| !code.is_empty()) {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(format!("\u{201c}{code}\u{201d} is no country code. Write two letters, such as US or CA."));
        }
        let code = code.to_ascii_uppercase();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(if codes.is_empty() { None } else { Some(codes) })
}

/// `chosen` are the countries that were asked for; with none of those that we know the states of, any name may be a region there.
fn state(text: &str, chosen: Option<&[String]>) -> Result<Option<Region>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let in_chosen = |country: &str| chosen.is_none_or(|chosen| chosen.iter().any(|code| code == country));
    if !in_chosen("US") && !in_chosen("CA") {
        return Ok(place(text)?.map(Region::Abroad));
    }
    match find_state(text) {
        Some(state) if in_chosen(state.country) => Ok(Some(Region::Known(state))),
        Some(state) => Err(format!("{} is in {}. Choose that country, or another state.", state.name, country_name_in_text(state.country))),
        None => Err(format!("There is no state \u{201c}{}\u{201d}. Write two letters or the name, such as CA or California.", shown(text))),
    }
}

fn country_name_in_text(code: &str) -> String {
    let article = if code == "US" { "the " } else { "" };
    format!("{article}{}", country_name(code))
}

fn place(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.chars().count() > PLACE_CHARACTERS || text.chars().any(char::is_control) {
        return Err(format!("A place has at most {PLACE_CHARACTERS} characters, such as San Francisco."));
    }
    Ok(if text.is_empty() { None } else { Some(text.to_owned()) })
}

fn number_type(text: &str) -> Result<Option<NumberType>, String> {
    match text.trim() {
        "" => Ok(None),
        name => NumberType::from_name(name)
            .map(Some)
            .ok_or_else(|| format!("There is no type \u{201c}{}\u{201d}. Use local, toll_free, national or mobile.", shown(name))),
    }
}

fn features(text: &str) -> Result<Option<Features>, String> {
    let unknown = |name: String| format!("There is no feature \u{201c}{}\u{201d}. Use voice, sms, mms, fax or emergency.", shown(&name));
    Features::parse_list(text, ',').map(Some).map_err(unknown)
}

fn amount(text: &str) -> Result<Option<Micros>, String> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    if text.is_empty() {
        return Ok(None);
    }
    Micros::parse(text, 6).map(Some).map_err(|fault| format!("This is no price: {fault}."))
}

/// At most twenty characters of what was typed, so that a message stays one line.
fn shown(text: &str) -> String {
    text.chars().take(20).collect()
}
