"""reference + works -> Match. All weights and thresholds live here."""
