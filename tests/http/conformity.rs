//! The check of answers against the OpenAPI document finds what it is there to find.

use crate::house::conformity::faults;
use crate::house::world::on_one;
use serde_json::{Value, json};

#[test]
fn an_answer_that_the_document_does_not_say_is_found() {
    on_one(|world| {
        let body = json!({ "printed_name": "Olga Nowak", "reason": "married" });
        let whole = world.person("ada").post("/persons/olga/name", &body).done();
        let path = "/api/v1/persons/olga/name";
        let found = |body: &Value| faults("POST", path, 200, "application/json", body).len();
        assert_eq!(found(&whole), 0);
        let mut less = whole.clone();
        less.as_object_mut().expect("an object").remove("happened");
        let mut more = whole.clone();
        more["verdicts"] = json!([]);
        let mut other = whole.clone();
        other["record"]["id"] = json!(7);
        for body in [less, more, other] {
            assert_eq!(found(&body), 1, "{body}");
        }
        assert_eq!(faults("POST", path, 201, "application/json", &whole).len(), 1, "status");
        assert_eq!(faults("POST", path, 200, "text/plain", &whole).len(), 1, "media type");
        assert!(faults("GET", "/nowhere", 200, "text/plain", &whole).is_empty(), "no route");
    });
}
