//! The OpenAPI document. Parameters and bodies come from the declared fields, answers from the schema types, statuses and refusals
//! from the rows of the table.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, ParameterStyle, PathsBuilder,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required, Response, ResponseBuilder, ServerBuilder};

use super::super::envelope::BASE;
use super::super::fields::{Field, Kind, LONGEST_REASON, PHONE_PATTERN, SHORTEST_PHONE};
use super::super::idempotency::LONGEST_KEY;
use super::super::problem::{Alternative, MEDIA_TYPE, Problem, ProblemField};
use super::super::table::{Effect, Group, Holders, Route};
use super::links;
use crate::domain::code::Code;

const BEARER: &str = "key";
const BASIC: &str = "accountAndKey";

/// The document of these groups.
#[must_use]
pub fn document(groups: &[Group]) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = BTreeMap::new();
    let mut all = Vec::new();
    let routes: Vec<Route> = groups.iter().flat_map(|group| group.routes.clone()).collect();
    for group in groups {
        for route in &group.routes {
            (route.described.components)(&mut all);
            paths = paths.path(route.path, PathItem::new(http_method(&route.method), operation(group, route, &routes)));
        }
    }
    all.push((String::from("Problem"), Problem::schema()));
    all.push((String::from("ProblemField"), ProblemField::schema()));
    all.push((String::from("Alternative"), Alternative::schema()));
    components.extend(all);
    let tags = groups.iter().map(|group| TagBuilder::new().name(group.name).description(Some(group.text)).build());
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Dialyard")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Phone numbers from search to release. Send a key as a bearer token; every failure is a problem document.",
                ))
                .build(),
        )
        .servers(Some([ServerBuilder::new().url(BASE).build()]))
        .paths(paths.build())
        .components(Some(secured(ComponentsBuilder::new().schemas_from_iter(components)).build()))
        .tags(Some(tags))
        .build()
}

fn secured(components: ComponentsBuilder) -> ComponentsBuilder {
    let scheme = |scheme, text: &str| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(text)).build());
    components
        .security_scheme(BEARER, scheme(HttpAuthScheme::Bearer, "A key, `dy_sk_` and 64 hexadecimal digits."))
        .security_scheme(BASIC, scheme(HttpAuthScheme::Basic, "The id of an account, `MA_…` or `SA_…`, and one of its keys."))
}

fn http_method(method: &Method) -> HttpMethod {
    match *method {
        Method::GET => HttpMethod::Get,
        Method::POST => HttpMethod::Post,
        Method::PATCH => HttpMethod::Patch,
        _ => HttpMethod::Delete,
    }
}

fn operation(group: &Group, route: &Route, routes: &[Route]) -> Operation {
    let holders = if route.holders == Holders::Accounts { "" } else { route.holders.text() };
    let scope = route.scope.map_or_else(|| String::from("Any scope will do."), |scope| format!("Scope `{}`.", scope.name()));
    let mut operation = OperationBuilder::new()
        .tag(group.name)
        .operation_id(Some(route.operation))
        .summary(Some(route.summary))
        .description(Some(format!("{scope} {holders}").trim().to_owned()))
        .parameters(Some(parameters(route)))
        .request_body(body(route))
        .security(SecurityRequirement::new(BEARER, Vec::<String>::new()))
        .security(SecurityRequirement::new(BASIC, Vec::<String>::new()));
    for status in route.successes {
        operation = operation.response(status.to_string(), success(route, *status, routes));
    }
    for (status, codes) in refusals(route) {
        operation = operation.response(status.to_string(), refusal(&codes));
    }
    operation.build()
}

/// Every code that a route may answer, by its status.
#[must_use]
pub fn refusals(route: &Route) -> BTreeMap<u16, BTreeSet<Code>> {
    let mut codes = vec![Code::Unauthenticated, Code::AccountDisabled, Code::RateLimited, Code::Internal, Code::Busy, Code::BadRequest];
    codes.extend([Code::PayloadTooLarge, Code::UnsupportedMediaType, Code::MalformedJson, Code::Validation]);
    codes.extend(route.scope.map(|_| Code::MissingScope));
    codes.push(Code::WrongKeyKind);
    if route.effect != Effect::Read {
        codes.extend([Code::RequestInProgress, Code::IdempotencyKeyReused, Code::AnswerLost, Code::Conflict]);
    }
    codes.extend(route.refusals);
    let mut by_status: BTreeMap<u16, BTreeSet<Code>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().insert(code);
    }
    by_status
}

fn success(route: &Route, status: u16, routes: &[Route]) -> Response {
    let text = match status {
        201 => "Made.",
        202 => "Under way: follow it at `Location`.",
        _ => "Done.",
    };
    let content = ContentBuilder::new().schema(Some((route.described.schema)())).example(Some((route.described.sample)())).build();
    let mut response = ResponseBuilder::new().description(text).content("application/json", content);
    if let Some(other) = route.described.other_media_type {
        let table = ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
        response = response.content(other, table);
    }
    // What is only under way has no object yet that could be followed.
    if status != 202 {
        response = links::of(route, routes).into_iter().fold(response, |response, (name, link)| response.link(name, link));
    }
    response.build()
}

fn refusal(codes: &BTreeSet<Code>) -> Response {
    let text: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.name(), code.title())).collect();
    let example = codes.first().map(|code| serde_json::to_value(Problem::plain(*code)).unwrap_or_default());
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).example(example).build();
    ResponseBuilder::new().description(text.join(" ")).content(MEDIA_TYPE, content).build()
}

fn parameters(route: &Route) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = variables(route.path)
        .map(|name| {
            let schema = variable_schema(name);
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(variable_text(route.path, name)))
                .schema(Some(schema))
                .example(Some(Value::from(variable_example(name))))
                .build()
        })
        .collect();
    all.extend(route.described.parameters.iter().map(|field| {
        let listed = matches!(field.kind, Kind::Choices(_) | Kind::Texts(..));
        ParameterBuilder::new()
            .name(field.name)
            .parameter_in(ParameterIn::Query)
            .required(if field.required { Required::True } else { Required::False })
            .description(Some(field.text))
            .schema(Some(field_schema(field)))
            .style(listed.then_some(ParameterStyle::Form))
            .explode(listed.then_some(false))
            .build()
    }));
    if route.effect != Effect::Read {
        all.push(
            ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("Sent again with the same key, the request is done once and answered the same way."))
                .schema(Some(
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .min_length(Some(1))
                        .max_length(Some(LONGEST_KEY))
                        .pattern(Some("^[!-~]+$")),
                ))
                .build(),
        );
    }
    all
}

/// The names in braces of a path.
fn variables(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn variable_schema(name: &str) -> ObjectBuilder {
    let schema = ObjectBuilder::new().schema_type(Type::String);
    match name {
        "e164" => schema.min_length(Some(SHORTEST_PHONE)).pattern(Some(PHONE_PATTERN)),
        "month" => schema.pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$")),
        _ => schema.min_length(Some(1)),
    }
}

fn variable_example(name: &str) -> &'static str {
    match name {
        "e164" => "+14155550123",
        "month" => "2026-11",
        _ => "019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21",
    }
}

fn variable_text(path: &str, name: &str) -> &'static str {
    match name {
        "e164" => "A number with its country code; `+` may be written as `%2B`.",
        "month" => "A month as year and month, in UTC.",
        "id" if path.starts_with("/numbers/{id}") => "The number's id, or its E.164.",
        _ => "The object's id.",
    }
}

fn body(route: &Route) -> Option<RequestBody> {
    let fields = route.described.fields?;
    let mut object = ObjectBuilder::new().additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)));
    let (fewest, most) = route.described.members;
    object = object.min_properties(Some(fewest).filter(|fewest| *fewest > 0)).max_properties(most);
    for field in fields {
        object = object.property(field.name, field_schema(field));
        if field.required {
            object = object.required(field.name);
        }
    }
    let example = body_example(fields);
    let content = ContentBuilder::new().schema(Some(object)).example(Some(example)).build();
    let required = if fewest > 0 || fields.iter().any(|field| field.required) { Required::True } else { Required::False };
    Some(RequestBodyBuilder::new().required(Some(required)).content("application/json", content).build())
}

/// The example of a body: every field that has one.
#[must_use]
pub fn body_example(fields: &[Field]) -> Value {
    let members = fields.iter().filter(|field| !field.example.is_empty());
    members.map(|field| (field.name.to_owned(), serde_json::from_str(field.example).unwrap_or(json!(field.example)))).collect()
}

fn field_schema(field: &Field) -> RefOr<Schema> {
    let typed = |kind: Type| if field.nullable { SchemaType::from_iter([kind, Type::Null]) } else { SchemaType::new(kind) };
    let object = |kind: Type| ObjectBuilder::new().schema_type(typed(kind)).description(Some(field.text));
    let words = |words: &'static [&'static str]| ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()));
    match field.kind {
        // Nothing that must be there is empty.
        Kind::Text(longest) => object(Type::String).min_length(field.required.then_some(1)).max_length(Some(longest)).into(),
        Kind::Reason => object(Type::String).min_length(Some(10)).max_length(Some(LONGEST_REASON)).into(),
        Kind::Phone => object(Type::String).min_length(Some(SHORTEST_PHONE)).max_length(Some(32)).pattern(Some(PHONE_PATTERN)).into(),
        Kind::Money => object(Type::Number).minimum(Some(0)).maximum(Some(1_000_000)).into(),
        Kind::Flag => object(Type::Boolean).into(),
        Kind::Integer(least, most) => object(Type::Integer).minimum(Some(least as isize)).maximum(Some(most as isize)).into(),
        Kind::Time => object(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into(),
        Kind::Choice(choices) => {
            let values = choices.iter().map(|word| json!(word)).chain(field.nullable.then_some(Value::Null));
            object(Type::String).enum_values(Some(values)).into()
        }
        Kind::Choices(choices) => {
            let list = ArrayBuilder::new().schema_type(typed(Type::Array)).items(words(choices)).description(Some(field.text));
            Schema::from(list.min_items(field.required.then_some(1)).build()).into()
        }
        Kind::Texts(most, longest) => {
            let item = ObjectBuilder::new().schema_type(Type::String).max_length(Some(longest));
            let list = ArrayBuilder::new().schema_type(typed(Type::Array)).items(item).max_items(Some(most)).description(Some(field.text));
            Schema::from(list.build()).into()
        }
    }
}
