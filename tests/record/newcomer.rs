//! The README's way from an empty site to the first entry, typed as it stands there.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

const SECTION: &str = "## From an empty site to the first entry";

/// The commands of the section, in their order.
fn commands() -> String {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once(SECTION).expect("the section");
    let (section, _) = section.split_once("\n## ").expect("the section ends");
    let blocks = section.split("```sh\n").skip(1);
    blocks.map(|block| block.split_once("```").expect("a block ends").0).collect()
}

/// Whether the shell and the client that the README uses are here. CI demands both.
fn at_hand() -> bool {
    let has = |program| Command::new(program).arg("--version").output().is_ok();
    let both = has("bash") && has("curl");
    assert!(both || std::env::var("CI").is_err(), "no bash or no curl, and this is CI");
    if !both {
        eprintln!("*** NO BASH OR NO CURL: THE README'S FIRST ENTRY IS NOT TYPED ***");
    }
    both
}

// shows: P11-10d.d, DI-Q4.c
#[test]
fn from_an_empty_site_to_the_first_entry() {
    if !at_hand() {
        return;
    }
    let dir = std::env::temp_dir().join(format!("newcomer-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&dir).expect("a folder");
    let root = env!("CARGO_MANIFEST_DIR");
    std::os::unix::fs::symlink(format!("{root}/schemas"), dir.join("schemas")).expect("a link");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let commands = commands();
    assert_eq!(commands.matches("AT=127.0.0.1:8080").count(), 1, "the address is said once");
    let commands = commands.replace("AT=127.0.0.1:8080", &format!("AT={free}"));
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_batchwright"));
    let path = format!(
        "{}:{}",
        program.parent().expect("its folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut shell = Command::new("bash")
        .args(["-eu", "-o", "pipefail"])
        .env("PATH", path)
        .current_dir(&dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let typed = format!("trap 'kill $(jobs -p)' EXIT\n{commands}");
    shell.stdin.take().expect("its input").write_all(typed.as_bytes()).expect("typed");
    let done = shell.wait_with_output().expect("it ends");
    let (said, erred) =
        (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{}: {said}\n{erred}", dir.display());
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let trail: serde_json::Value =
        serde_json::from_str(lines.last().expect("an answer")).expect("the trail");
    let entries = trail["entries"].as_array().expect("entries");
    let first = entries.iter().find(|line| line["event"] == "run.entry-recorded");
    let first = first.unwrap_or_else(|| panic!("no entry: {trail}"));
    assert_eq!(
        (&first["who"]["user_name"], &first["who"]["role"]),
        (&"olga".into(), &"operator".into())
    );
    assert!(first["new"].as_str().is_some_and(|new| new.contains("0.272 kg")), "{first}");
    // Nobody is there but who was brought in by name.
    let people = lines.iter().filter_map(|line| serde_json::from_str(line).ok());
    let listed =
        people.filter_map(|answer: serde_json::Value| answer["persons"].as_array().cloned());
    let mut names: Vec<String> = listed
        .flatten()
        .map(|person| person["user_name"].as_str().expect("a name").to_owned())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["ada", "olga", "paul", "petra", "qadir", "sven"]);
    std::fs::remove_dir_all(&dir).expect("it left a site behind");
}
