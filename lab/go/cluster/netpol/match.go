package main

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// everything is the nft expression that matches all packets.
const everything = ""

// selects tells whether a selector matches; one that the API server would refuse matches nothing.
func selects(selector *metav1.LabelSelector, set labels.Set) bool {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(set)
}

// peers returns the nft expressions for the remote address (field is "ip saddr" or "ip daddr") and the pods among the peers.
func (s state) peers(namespace, field string, peers []netv1.NetworkPolicyPeer) (expressions []string, pods []*corev1.Pod) {
	if len(peers) == 0 {
		return []string{everything}, s.pods
	}
	var addresses []string
	for _, peer := range peers {
		if peer.IPBlock != nil {
			if !strings.Contains(peer.IPBlock.CIDR, ":") { // the lab has no IPv6
				expressions = append(expressions, block(field, peer.IPBlock))
			}
			continue
		}
		for _, pod := range s.pods {
			if s.isPeer(namespace, peer, pod) {
				addresses = append(addresses, pod.Status.PodIP)
				pods = append(pods, pod)
			}
		}
	}
	if len(addresses) > 0 {
		expressions = append(expressions, field+" { "+strings.Join(addresses, ", ")+" }")
	}
	return expressions, pods
}

// isPeer: without a namespace selector only pods of the policy's own namespace are meant.
func (s state) isPeer(namespace string, peer netv1.NetworkPolicyPeer, pod *corev1.Pod) bool {
	if peer.NamespaceSelector == nil && pod.Namespace != namespace {
		return false
	}
	if peer.NamespaceSelector != nil && !selects(peer.NamespaceSelector, s.namespaces[pod.Namespace]) {
		return false
	}
	return peer.PodSelector == nil || selects(peer.PodSelector, pod.Labels)
}

func block(field string, block *netv1.IPBlock) string {
	expression := field + " " + block.CIDR
	for _, except := range block.Except {
		expression += " " + field + " != " + except
	}
	return expression
}

// ports returns the nft expressions for the destination port; named ports are those of the given pods.
func ports(ports []netv1.NetworkPolicyPort, pods []*corev1.Pod) (expressions []string) {
	if len(ports) == 0 {
		return []string{everything}
	}
	for _, port := range ports {
		protocol := "tcp"
		if port.Protocol != nil {
			protocol = strings.ToLower(string(*port.Protocol))
		}
		switch {
		case port.Port == nil:
			expressions = append(expressions, "meta l4proto "+protocol)
		case port.Port.StrVal != "":
			expressions = append(expressions, namedPort(port.Port.StrVal, protocol, pods)...)
		case port.EndPort != nil:
			expressions = append(expressions, fmt.Sprintf("%s dport %d-%d", protocol, port.Port.IntVal, *port.EndPort))
		default:
			expressions = append(expressions, fmt.Sprintf("%s dport %d", protocol, port.Port.IntVal))
		}
	}
	return expressions
}

// namedPort: the same name can be another number in each pod, so the pod's address is part of the match.
func namedPort(name, protocol string, pods []*corev1.Pod) (expressions []string) {
	for _, pod := range pods {
		for _, container := range pod.Spec.Containers {
			for _, port := range container.Ports {
				if port.Name == name && strings.EqualFold(string(port.Protocol), protocol) {
					expressions = append(expressions, fmt.Sprintf("ip daddr %s %s dport %d", pod.Status.PodIP, protocol, port.ContainerPort))
				}
			}
		}
	}
	return expressions
}
