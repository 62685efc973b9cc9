package graph

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The days on which schedules are tried: the calendar repeats after 28 years, so
// that even "29 February" and "the 31st" show their longest gap.
const (
	cycleStart = 2000
	cycleYears = 28
	dayMinutes = 24 * 60
	maxCrons   = 64 // of one pipeline: more schedules make no gap longer
)

// longestGap is the longest time in seconds between two runs of what all the
// schedules start together. It is 0 if none of them can be read, or none ever
// comes.
func longestGap(schedules []cron) int64 {
	schedules = schedules[:min(len(schedules), maxCrons)]
	if len(schedules) == 0 {
		return 0
	}
	days := map[uint64]runs{}
	first, last, longest, total := -1, 0, 0, 0
	for date := range calendar {
		var due uint64
		for i, c := range schedules {
			if c.on(date) {
				due |= 1 << i
			}
		}
		if due != 0 {
			r, known := days[due]
			if !known {
				r = runsOf(schedules, due)
				days[due] = r
			}
			if first < 0 {
				first, last = total+r.first, total+r.first
			}
			longest = max(longest, total+r.first-last, r.gap)
			last = total + r.last
		}
		total += dayMinutes
	}
	if first < 0 {
		return 0
	}
	return int64(max(longest, total+first-last)) * 60
}

// date is a day as schedules see it: the time package asks much more of one, and
// there are ten thousand.
type date struct{ day, month, weekday, length int }

// calendar gives the days of the cycle.
func calendar(yield func(date) bool) {
	weekday := int(time.Date(cycleStart, 1, 1, 0, 0, 0, 0, time.UTC).Weekday())
	for month := range 12 * cycleYears {
		length := time.Date(cycleStart, time.Month(month+2), 0, 0, 0, 0, 0, time.UTC).Day()
		for day := 1; day <= length; day++ {
			if !yield(date{day, month%12 + 1, weekday, length}) {
				return
			}
			weekday = (weekday + 1) % 7
		}
	}
}

// runs are those of one day: minutes of the day, and the longest gap between.
type runs struct{ first, last, gap int }

func runsOf(schedules []cron, due uint64) runs {
	r := runs{first: -1}
	for minute := range dayMinutes {
		starts := func(c cron) bool { return c.minute&(1<<(minute%60)) != 0 && c.hour&(1<<(minute/60)) != 0 }
		for i, c := range schedules {
			if due&(1<<i) == 0 || !starts(c) {
				continue
			}
			if r.first < 0 {
				r.first, r.last = minute, minute
			}
			r.gap, r.last = max(r.gap, minute-r.last), minute
		}
	}
	return r
}

// cron is a schedule: a bit for each minute, hour, ... at which it runs.
type cron struct {
	minute, hour, day, month, weekday uint64
	anyDay, anyWeekday                bool // the field is an asterisk: the other decides alone
	lastDay                           bool // L: the last day of the month
	nth                               int  // weekday only in that week of the month; 6 for the last
}

func (c cron) on(d date) bool {
	if c.month&(1<<d.month) == 0 {
		return false
	}
	day := c.day&(1<<d.day) != 0 || c.lastDay && d.day == d.length
	weekday := c.weekday&(1<<d.weekday) != 0
	switch {
	case c.nth > 5:
		weekday = weekday && d.day+7 > d.length
	case c.nth > 0:
		weekday = weekday && (d.day-1)/7+1 == c.nth
	}
	if c.anyDay || c.anyWeekday {
		return day && weekday
	}
	return day || weekday
}

var (
	months   = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	nicks    = map[string]string{
		"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
		"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
	}
)

// maxCron is more than any schedule that works is long.
const maxCron = 1000

// parseCron reads the five fields of cron, or a name like @daily.
func parseCron(text string) (cron, bool) {
	if nick, known := nicks[strings.TrimSpace(text)]; known {
		text = nick
	}
	fields := strings.Fields(strings.ToLower(text))
	if len(text) > maxCron || len(fields) != 5 {
		return cron{}, false
	}
	c := cron{anyDay: isAny(fields[2]), anyWeekday: isAny(fields[4])}
	ok := c.set(fields, 0)
	c.weekday |= c.weekday >> 7 & 1 // Sunday is 0 and 7
	return c, ok
}

// parseAWS reads the six fields of AWS: weekdays count from 1, a question mark
// leaves the choice to the other field, and the last field is the year.
func parseAWS(text string) (cron, bool) {
	fields := strings.Fields(strings.ToLower(text))
	if len(text) > maxCron || len(fields) != 6 || fields[5] != "*" {
		return cron{}, false
	}
	c := cron{anyDay: isAny(fields[2]), anyWeekday: isAny(fields[4])}
	if fields[2] == "l" {
		c.lastDay, fields[2] = true, ""
	}
	if weekday, week, found := strings.Cut(fields[4], "#"); found {
		n, err := strconv.Atoi(week)
		if err != nil || n < 1 || n > 5 {
			return cron{}, false
		}
		c.nth, fields[4] = n, weekday
	} else if weekday, last := strings.CutSuffix(fields[4], "l"); last && weekday != "" {
		c.nth, fields[4] = 6, weekday
	}
	if !c.set(fields, 1) {
		return cron{}, false
	}
	c.weekday >>= 1
	return c, true
}

func isAny(field string) bool { return strings.HasPrefix(field, "*") || field == "?" }

func (c *cron) set(fields []string, sunday int) bool {
	ok := true
	for i, part := range []struct {
		into     *uint64
		low, top int
		names    []string
		offset   int
	}{
		{&c.minute, 0, 59, nil, 0}, {&c.hour, 0, 23, nil, 0}, {&c.day, 1, 31, nil, 0},
		{&c.month, 1, 12, months, 1}, {&c.weekday, sunday, 7, weekdays, sunday},
	} {
		if i == 2 && c.lastDay {
			continue
		}
		number := func(text string) (int, bool) {
			if at := slices.Index(part.names, text); at >= 0 {
				return at + part.offset, true
			}
			n, err := strconv.Atoi(text)
			return n, err == nil && n >= part.low && n <= part.top
		}
		for item := range strings.SplitSeq(fields[i], ",") {
			ok = setRange(part.into, item, part.low, part.top, number) && ok
		}
	}
	return ok
}

// setRange sets the bits of 5, 1-5, */10, 1-30/5 or 5/10.
func setRange(bits *uint64, item string, low, top int, number func(string) (int, bool)) bool {
	item, stepText, stepped := strings.Cut(item, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(stepText)
		if err != nil || n < 1 {
			return false
		}
		step = n
	}
	from, to := low, top
	if item != "*" && item != "?" {
		start, end, isRange := strings.Cut(item, "-")
		var ok bool
		if from, ok = number(start); !ok {
			return false
		}
		switch {
		case isRange:
			if to, ok = number(end); !ok || to < from {
				return false
			}
		case !stepped:
			to = from
		}
	}
	for ; from <= to; from += min(step, top+1) {
		*bits |= 1 << from
	}
	return true
}

// cronGap is the longest gap of schedules in five fields; what cannot be read is
// left out.
func cronGap(texts ...string) int64 {
	var schedules []cron
	for _, text := range texts {
		if c, ok := parseCron(text); ok {
			schedules = append(schedules, c)
		}
	}
	return longestGap(schedules)
}

// awsGap reads rate(10 days) and cron(0 8 1 * ? *).
func awsGap(text string) int64 {
	kind, rest, _ := strings.Cut(strings.TrimSpace(text), "(")
	rest, closed := strings.CutSuffix(rest, ")")
	switch {
	case !closed:
	case kind == "cron":
		if c, ok := parseAWS(rest); ok {
			return longestGap([]cron{c})
		}
	case kind == "rate":
		amount, unit, _ := strings.Cut(strings.TrimSpace(rest), " ")
		seconds := map[string]int64{"minute": 60, "hour": 3600, "day": day}[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
		if n, err := strconv.ParseInt(amount, 10, 32); err == nil {
			return max(n, 0) * seconds
		}
	}
	return 0
}

// day in seconds.
const day = 24 * 3600

// seconds reads durations as Go and Vault write them: 90, 1h30m, 30d. It is 0 if
// the text is none.
func seconds(text string) int64 {
	units := map[byte]int64{'s': 1, 'm': 60, 'h': 3600, 'd': day}
	if n, err := strconv.ParseInt(text, 10, 40); err == nil {
		return max(n, 0)
	}
	var total int64
	for text != "" {
		end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
		if end < 1 || units[text[end]] == 0 || strings.HasPrefix(text[end:], "ms") {
			return 0
		}
		n, err := strconv.ParseInt(text[:end], 10, 32)
		if err != nil {
			return 0
		}
		total, text = total+n*units[text[end]], text[end+1:]
	}
	return total
}

// isoSeconds reads P90D, P3M, PT2H: a month counts 30 days, a year 365.
func isoSeconds(text string) int64 {
	text, isPeriod := strings.CutPrefix(text, "P")
	date, clock, _ := strings.Cut(text, "T")
	if !isPeriod {
		return 0
	}
	return isoPart(date, map[byte]int64{'Y': 365 * day, 'M': 30 * day, 'W': 7 * day, 'D': day}) +
		isoPart(clock, map[byte]int64{'H': 3600, 'M': 60, 'S': 1})
}

func isoPart(text string, units map[byte]int64) int64 {
	var total int64
	for text != "" {
		end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
		if end < 1 || units[text[end]] == 0 {
			return 0
		}
		n, err := strconv.ParseInt(text[:end], 10, 32)
		if err != nil {
			return 0
		}
		total, text = total+n*units[text[end]], text[end+1:]
	}
	return total
}
