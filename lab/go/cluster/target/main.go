// Target is the lab's system under test: a small HTTP server that is slow, failing or large on request.
//
// GET / answers 200. The query changes one answer: ?delay=50ms, ?status=503, ?fail=0.1 (share answered 500), ?size=1024.
// DELAY, STATUS and FAIL in the environment set the same for every answer that does not say otherwise.
// GET /healthz always answers 200 at once.
package main

import (
	"bytes"
	"context"
	"log"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	usual, err := behaviour{status: http.StatusOK, size: -1}.overridden(fromEnvironment())
	if err != nil {
		log.Fatalf("target: environment: %v", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { respond(w, r, usual) })

	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ended, func() { _ = server.Shutdown(context.Background()) })
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatalf("target: %v", err)
	}
}

func respond(w http.ResponseWriter, r *http.Request, usual behaviour) {
	wanted, err := usual.overridden(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case <-time.After(wanted.delay):
	case <-r.Context().Done():
		return
	}
	body := []byte("hello from the lab's target\n")
	if wanted.size >= 0 {
		body = bytes.Repeat([]byte("x"), wanted.size)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(wanted.answer(rand.Float64()))
	_, _ = w.Write(body)
}

func fromEnvironment() url.Values {
	values := url.Values{}
	for _, name := range []string{"DELAY", "STATUS", "FAIL"} {
		if value := os.Getenv(name); value != "" {
			values.Set(strings.ToLower(name), value)
		}
	}
	return values
}
