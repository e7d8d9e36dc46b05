package main

import (
	"net/url"
	"testing"
	"time"
)

var usual = behaviour{status: 200, size: -1}

func TestQueryChangesOnlyWhatItNames(t *testing.T) {
	got, err := usual.overridden(url.Values{"delay": {"50ms"}, "fail": {"0.1"}})
	if want := (behaviour{status: 200, size: -1, delay: 50 * time.Millisecond, fail: 0.1}); err != nil || got != want {
		t.Fatalf("got %+v %v, want %+v", got, err, want)
	}
}

func TestRefusesWhatNoServerCanAnswer(t *testing.T) {
	for _, query := range []string{"status=99", "status=600", "fail=1.1", "fail=NaN", "delay=-1s", "delay=soon", "size=16777217"} {
		values, _ := url.ParseQuery(query)
		if got, err := usual.overridden(values); err == nil {
			t.Errorf("%s was taken as %+v", query, got)
		}
	}
}

func TestFailsTheGivenShare(t *testing.T) {
	b := behaviour{status: 200, fail: 0.1}
	if b.answer(0.099) != 500 || b.answer(0.1) != 200 || usual.answer(0) != 200 {
		t.Fatal("a tenth of the chances, and only a tenth, must fail")
	}
}
