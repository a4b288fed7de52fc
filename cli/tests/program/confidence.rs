//! `--min-confidence`: faces whose landmarks are probably wrong are dropped.

#[test]
fn unconfident_faces_can_be_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let image = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/astronaut.png");
    let boxes = folder.path().join("boxes.csv");
    std::fs::write(&boxes, format!("image,x,y,width,height\n{image},178,82,90,90\n{image},10,380,90,90\n")).unwrap();
    let detect = |extra: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("lineament").unwrap();
        let output = command.args(["detect", "--format", "jsonl", "--boxes"]).arg(&boxes).args(extra).output().unwrap();
        let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        record["faces"].as_array().unwrap().clone()
    };
    let both = detect(&[]);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0]["landmark_confidence"].as_array().unwrap().len(), 68);
    assert!(both[0].get("angle").is_none());
    assert!(both[0]["confidence"].as_f64().unwrap() > 0.8 && both[1]["confidence"].as_f64().unwrap() < 0.4);
    let confident = detect(&["--min-confidence", "0.6"]);
    assert_eq!(confident.len(), 1);
    assert_eq!(confident[0]["box"], both[0]["box"]);
    assert!(detect(&["--fast"])[0].get("confidence").is_none());
}
