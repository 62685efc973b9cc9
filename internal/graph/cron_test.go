package graph

import "testing"

func TestTheLongestGapBetweenRuns(t *testing.T) {
	const hour = 3600
	tests := []struct {
		name      string
		schedules []string
		want      int64
	}{
		{"every day", []string{"0 3 * * *"}, day},
		{"every Monday", []string{"0 3 * * 1"}, 7 * day},
		{"Sunday has two numbers and a name", []string{"0 3 * * 7", "0 3 * * 0", "0 3 * * SUN"}, 7 * day},
		{"working hours leave the weekend", []string{"0 9-17 * * 1-5"}, 2*day + 16*hour},
		{"the first of a month", []string{"0 0 1 * *"}, 31 * day},
		{"the 31st skips short months", []string{"0 0 31 * *"}, 61 * day},
		{"a leap day", []string{"0 0 29 2 *"}, (4*365 + 1) * day},
		{"a day that never comes", []string{"0 0 30 2 *"}, 0},
		{"both days are alternatives", []string{"0 0 1 * 1"}, 7 * day},
		{"a quarter", []string{"0 0 1 */3 *"}, 92 * day},
		{"steps", []string{"*/20 * * * *"}, 20 * 60},
		{"steps that do not divide the hour", []string{"*/25 * * * *"}, 25 * 60},
		{"schedules together", []string{"0 3 * * *", "0 5 * * *"}, 22 * hour},
		{"a weekly one fills no gap of a monthly one beyond a week", []string{"0 0 1 * *", "0 0 * * 3"}, 7 * day},
		{"a name", []string{"@weekly"}, 7 * day},
		{"what is none beside one that is", []string{"61 * * * *", "0 3 * * *"}, day},
		{"too few fields", []string{"0 3 * *"}, 0},
		{"a range backwards", []string{"0 3 * * 5-1"}, 0},
		{"no step", []string{"*/0 * * * *"}, 0},
		{"a huge step", []string{"0 */99999999999 * * *"}, day},
		{"nothing", nil, 0},
	}
	for _, tt := range tests {
		if got := cronGap(tt.schedules...); got != tt.want {
			t.Errorf("%s: %q is %d, want %d", tt.name, tt.schedules, got, tt.want)
		}
	}
}

func TestSchedulesOfAWS(t *testing.T) {
	tests := []struct {
		text string
		want int64
	}{
		{"rate(10 days)", 10 * day},
		{"rate(1 day)", day},
		{"rate(4 hours)", 4 * 3600},
		{"cron(0 8 1 * ? *)", 31 * day},
		{"cron(0 8 L * ? *)", 31 * day},
		{"cron(0 16 ? * SUN#1 *)", 35 * day},
		{"cron(0 16 ? * 6L *)", 35 * day},
		{"cron(0 8 ? * 1 *)", 7 * day},
		{"cron(0 8 1 * ? 2030)", 0},
		{"cron(0 8 15W * ? *)", 0},
		{"rate(10 fortnights)", 0},
		{"rate(-1 days)", 0},
		{"rate(10 days", 0},
		{"", 0},
	}
	for _, tt := range tests {
		if got := awsGap(tt.text); got != tt.want {
			t.Errorf("%q is %d, want %d", tt.text, got, tt.want)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]int64{"90": 90, "1h30m": 5400, "30d": 30 * day, "1h0m0s": 3600, "0": 0, "5ms": 0, "h": 0, "1": 1, "-5": 0, "1x": 0, "": 0} {
		if got := seconds(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]int64{"P90D": 90 * day, "P3M": 90 * day, "PT2H": 7200, "P1DT1H": day + 3600, "90D": 0, "P": 0, "P1X": 0} {
		if got := isoSeconds(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}
