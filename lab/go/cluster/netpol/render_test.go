package main

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func pod(namespace, name, address string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"app": name}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: "TCP"}}}}},
		Status:     corev1.PodStatus{PodIP: address},
	}
}

func policy(spec netv1.NetworkPolicySpec) *netv1.NetworkPolicy {
	return &netv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "load"}, Spec: spec}
}

func app(name string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}}
}

func rendered(policies ...*netv1.NetworkPolicy) string {
	return state{
		pods:       []*corev1.Pod{pod("load", "runner", "10.0.0.1"), pod("load", "store", "10.0.0.2"), pod("shop", "runner", "10.0.0.3")},
		namespaces: map[string]labels.Set{"load": {"name": "load"}, "shop": {"name": "shop"}},
		policies:   policies,
	}.render()
}

func TestLeavesPodsWithoutPolicyAlone(t *testing.T) {
	if table := rendered(); strings.Contains(table, "drop") || strings.Contains(table, "vmap") {
		t.Fatalf("nothing isolates a pod, yet:\n%s", table)
	}
}

func TestDefaultDenyIsolatesTheWholeNamespaceAndNoOther(t *testing.T) {
	table := rendered(policy(netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress", "Egress"}}))
	for _, want := range []string{
		"ip daddr vmap { 10.0.0.1 : jump pod_in_0, 10.0.0.2 : jump pod_in_1 }",
		"ip saddr vmap { 10.0.0.1 : jump pod_out_0, 10.0.0.2 : jump pod_out_1 }",
		"chain pod_in_0 { # load/runner\nip saddr 10.0.0.1 return\ncounter drop\n}",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("missing %q in\n%s", want, table)
		}
	}
	if strings.Contains(table, "10.0.0.3") {
		t.Errorf("a pod of another namespace is filtered:\n%s", table)
	}
}

func TestAllows(t *testing.T) {
	tcp, last := corev1.ProtocolTCP, int32(90)
	number, name := intstr.FromInt32(80), intstr.FromString("http")
	shop := &metav1.LabelSelector{MatchLabels: map[string]string{"name": "shop"}}
	for sentence, test := range map[string]struct {
		peers []netv1.NetworkPolicyPeer
		ports []netv1.NetworkPolicyPort
		want  string
	}{
		"a pod of the same namespace": {[]netv1.NetworkPolicyPeer{{PodSelector: app("store")}}, nil, "ip daddr { 10.0.0.2 } return"},
		"a pod of another namespace":  {[]netv1.NetworkPolicyPeer{{NamespaceSelector: shop, PodSelector: app("runner")}}, nil, "ip daddr { 10.0.0.3 } return"},
		"a block without its exceptions": {[]netv1.NetworkPolicyPeer{{IPBlock: &netv1.IPBlock{CIDR: "10.1.0.0/16", Except: []string{"10.1.2.0/24"}}}},
			nil, "ip daddr 10.1.0.0/16 ip daddr != 10.1.2.0/24 return"},
		"a port":          {nil, []netv1.NetworkPolicyPort{{Protocol: &tcp, Port: &number}}, "tcp dport 80 return"},
		"a range":         {nil, []netv1.NetworkPolicyPort{{Protocol: &tcp, Port: &number, EndPort: &last}}, "tcp dport 80-90 return"},
		"a port by name":  {[]netv1.NetworkPolicyPeer{{PodSelector: app("store")}}, []netv1.NetworkPolicyPort{{Port: &name}}, "ip daddr { 10.0.0.2 } ip daddr 10.0.0.2 tcp dport 8080 return"},
		"a protocol only": {nil, []netv1.NetworkPolicyPort{{Protocol: &tcp}}, "meta l4proto tcp return"},
	} {
		table := rendered(policy(netv1.NetworkPolicySpec{
			PodSelector: *app("runner"), PolicyTypes: []netv1.PolicyType{"Egress"},
			Egress: []netv1.NetworkPolicyEgressRule{{To: test.peers, Ports: test.ports}},
		}))
		if want := "chain pod_out_0 { # load/runner\n" + test.want + "\nip daddr 10.0.0.1 return\ncounter drop"; !strings.Contains(table, want) {
			t.Errorf("%s: missing %q in\n%s", sentence, want, table)
		}
	}
}

func TestPeerThatSelectsNothingOpensNothing(t *testing.T) {
	table := rendered(policy(netv1.NetworkPolicySpec{
		PodSelector: *app("runner"), PolicyTypes: []netv1.PolicyType{"Egress"},
		Egress: []netv1.NetworkPolicyEgressRule{{To: []netv1.NetworkPolicyPeer{{PodSelector: app("nobody")}}}},
	}))
	if !strings.Contains(table, "chain pod_out_0 { # load/runner\nip daddr 10.0.0.1 return\ncounter drop\n}") {
		t.Fatalf("a selector without pods must not allow anything:\n%s", table)
	}
}
