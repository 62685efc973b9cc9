// Command train makes the figures of the judge: what letters follow each other
// in words (letters), and the trees that weigh what is known of a value (trees).
//
//	go run ./scanner/internal/train letters DIR... > scanner/internal/judge/letters.bin
//	go run ./scanner/internal/train [-folds N] [-clean DIR] [-found FILE] trees DIR > scanner/internal/judge/weights.txt
//
//	go run ./scanner/internal/train alarms DIR...
//
// DIR holds files/ and labels.csv. Folders without credentials are sources that are
// well kept: the standard library of Python, golang.org/x, what npm brings along.
// The command alarms counts what the judge finds in trees, and its speed. With -folds the trees of each fold are learned
// on other repositories than those they are judged on, and nothing is written but
// the score.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	folds := flag.Int("folds", 0, "score trees on repositories that they were not learned on")
	clean := flag.String("clean", "", "folders without credentials, separated by commas")
	found := flag.String("found", "", "lines that other rules found, as path:line")
	seed := flag.Int("seed", 1, "which repositories fall into which fold")
	show := flag.Bool("show", false, "print each false finding and each miss of the folds")
	floor := flag.Float64("floor", 0.5, "the confidence to report from")
	flag.Parse()
	if err := run(flag.Args(), options{*folds, *clean, *found, *seed, *show, *floor}); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

type options struct {
	folds int
	clean string
	found string
	seed  int
	show  bool
	floor float64
}

func run(args []string, o options) error {
	if len(args) < 2 {
		return errors.New("want one of: letters DIR, trees DIR, alarms DIR")
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	switch args[0] {
	case "letters":
		return writeLetters(out, args[1:])
	case "alarms":
		return alarms(out, args[1:], o)
	case "trees":
		set, err := readSet(args[1], o.clean)
		if err != nil {
			return err
		}
		if o.folds > 0 {
			return validate(os.Stdout, set, o)
		}
		write(out, boost(set.samples))
		return nil
	}
	return fmt.Errorf("unknown part %q", args[0])
}
