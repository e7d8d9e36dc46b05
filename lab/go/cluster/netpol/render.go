package main

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// table is the nftables table that netpol owns; nothing else is touched.
const table = "inet pulumi_k6_lab"

// state is all that decides the table: the filtered pods, the labels of every namespace, the policies.
type state struct {
	pods       []*corev1.Pod
	namespaces map[string]labels.Set
	policies   []*netv1.NetworkPolicy
}

// render returns the input of `nft -f` that puts the policies in force.
//
// Each isolated pod has one chain per direction: a rule that allows returns, what no rule allows is dropped. Both hooks see addresses after
// DNAT, so that traffic to a Service is judged by the pod behind it. The node reaches its pods (probes) through the output hook, unfiltered.
func (s state) render() string {
	var chains, into, outOf []string
	for i, pod := range s.pods {
		address := pod.Status.PodIP
		if rules, isolated := s.ingress(pod); isolated {
			chains = append(chains, chain(fmt.Sprintf("pod_in_%d", i), pod, append(rules, "ip saddr "+address+" return")))
			into = append(into, fmt.Sprintf("%s : jump pod_in_%d", address, i))
		}
		if rules, isolated := s.egress(pod); isolated {
			chains = append(chains, chain(fmt.Sprintf("pod_out_%d", i), pod, append(rules, "ip daddr "+address+" return")))
			outOf = append(outOf, fmt.Sprintf("%s : jump pod_out_%d", address, i))
		}
	}
	// Declared empty first, so that deleting it works on the first run too; nft applies the whole input or nothing.
	lines := []string{"table " + table + " {}", "delete table " + table, "table " + table + " {"}
	lines = append(lines, chains...)
	lines = append(lines, hook("forward", jumps("ip saddr", outOf), jumps("ip daddr", into)), hook("input", jumps("ip saddr", outOf)), "}")
	return strings.Join(lines, "\n") + "\n"
}

func (s state) ingress(pod *corev1.Pod) (rules []string, isolated bool) {
	for _, policy := range s.policiesOf(pod, netv1.PolicyTypeIngress) {
		isolated = true
		for _, rule := range policy.Spec.Ingress {
			sources, _ := s.peers(policy.Namespace, "ip saddr", rule.From)
			rules = append(rules, allow(sources, ports(rule.Ports, []*corev1.Pod{pod}))...)
		}
	}
	return rules, isolated
}

func (s state) egress(pod *corev1.Pod) (rules []string, isolated bool) {
	for _, policy := range s.policiesOf(pod, netv1.PolicyTypeEgress) {
		isolated = true
		for _, rule := range policy.Spec.Egress {
			destinations, pods := s.peers(policy.Namespace, "ip daddr", rule.To)
			rules = append(rules, allow(destinations, ports(rule.Ports, pods))...)
		}
	}
	return rules, isolated
}

func (s state) policiesOf(pod *corev1.Pod, direction netv1.PolicyType) (found []*netv1.NetworkPolicy) {
	for _, policy := range s.policies {
		if policy.Namespace != pod.Namespace || !selects(&policy.Spec.PodSelector, pod.Labels) {
			continue
		}
		for _, kind := range policy.Spec.PolicyTypes {
			if kind == direction {
				found = append(found, policy)
			}
		}
	}
	return found
}

// allow returns one rule for every pair of a peer and a port.
func allow(peers, ports []string) (rules []string) {
	for _, peer := range peers {
		for _, port := range ports {
			rules = append(rules, strings.Join(strings.Fields(peer+" "+port+" return"), " "))
		}
	}
	return rules
}

func chain(name string, pod *corev1.Pod, rules []string) string {
	return fmt.Sprintf("chain %s { # %s/%s\n%s\ncounter drop\n}", name, pod.Namespace, pod.Name, strings.Join(rules, "\n"))
}

// hook names its chain with a prefix: nft takes bare forward and input for keywords. Priority: just before the filter tables of others.
func hook(name string, rules ...string) string {
	return fmt.Sprintf("chain hook_%s { type filter hook %s priority filter - 5; policy accept;\nct state established,related accept\n%s}", name, name, strings.Join(rules, ""))
}

func jumps(field string, entries []string) string {
	if len(entries) == 0 {
		return ""
	}
	return field + " vmap { " + strings.Join(entries, ", ") + " }\n"
}
