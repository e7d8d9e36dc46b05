package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxSize bounds ?size=, so that one request cannot exhaust the pod's memory.
const maxSize = 16 << 20

// behaviour is how one request is answered.
type behaviour struct {
	delay  time.Duration
	status int
	// fail is the share of requests (0 to 1) answered with status 500.
	fail float64
	// size of the body in bytes; negative: the default text.
	size int
}

// overridden returns the behaviour with what the query names put in its place.
func (b behaviour) overridden(query url.Values) (behaviour, error) {
	var err error
	for name, values := range query {
		switch value := values[0]; name {
		case "delay":
			b.delay, err = time.ParseDuration(value)
		case "status":
			b.status, err = strconv.Atoi(value)
		case "fail":
			b.fail, err = strconv.ParseFloat(value, 64)
		case "size":
			b.size, err = strconv.Atoi(value)
		}
		if err != nil {
			return b, err
		}
	}
	if b.delay < 0 || b.status < 200 || b.status > 599 || !(b.fail >= 0 && b.fail <= 1) || b.size > maxSize {
		return b, fmt.Errorf("delay must be positive, status 200 to 599, fail 0 to 1, size at most %d; got %+v", maxSize, b)
	}
	return b, nil
}

// answer returns the status to send, given a random number from 0 to 1.
func (b behaviour) answer(chance float64) int {
	if chance < b.fail {
		return http.StatusInternalServerError
	}
	return b.status
}
