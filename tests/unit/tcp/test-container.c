// SPDX-License-Identifier: MIT
/* Paths of control groups as container engines make them, and what is read from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "tcp/container.h"

#define ID	  "4f9d1c0a2b7e3d5c6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6"
#define ID2	  "aaaabbbbcccc3d5c6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6"
#define POD	  "1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9"
#define POD_SLICE "1b2c3d4e_5f60_4718_8293_a4b5c6d7e8f9"

static const struct {
	const char *path;
	const char *engine, *name, *pod, *unit;
} cases[] = {
	/* Docker, with the cgroupfs driver and with systemd's. */
	{"/docker/" ID, "docker", "4f9d1c0a2b7e", "", ""},
	{"/system.slice/docker-" ID ".scope", "docker", "4f9d1c0a2b7e", "", ""},
	{"/docker/" ID "/system.slice/nginx.service", "docker", "4f9d1c0a2b7e", "",
	 "nginx.service"},
	{"/system.slice/docker.service", NULL, "", "", "docker.service"},
	{"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" ID ".scope", "docker",
	 "4f9d1c0a2b7e", "", "user@1000.service"},
	/* Kubernetes by way of Docker (cri-dockerd). */
	{"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" POD_SLICE
	 ".slice/docker-" ID ".scope",
	 "docker", "4f9d1c0a2b7e", POD, ""},
	/* containerd: systemd's driver, cgroupfs, and both confused. */
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_SLICE
	 ".slice/cri-containerd-" ID ".scope",
	 "containerd", "4f9d1c0a2b7e", POD, ""},
	{"/kubepods/burstable/pod" POD "/" ID, NULL, "4f9d1c0a2b7e", POD, ""},
	{"/kubepods/pod" POD "/" ID, NULL, "4f9d1c0a2b7e", POD, ""},
	{"/system.slice/containerd.service/kubepods-besteffort-pod" POD_SLICE
	 ".slice:cri-containerd:" ID,
	 NULL, "4f9d1c0a2b7e", POD, "containerd.service"},
	/* A static pod's uid has no dashes. */
	{"/kubepods.slice/kubepods-burstable.slice/"
	 "kubepods-burstable-pod0123456789abcdef0123456789abcdef.slice/cri-containerd-" ID ".scope",
	 "containerd", "4f9d1c0a2b7e", "0123456789abcdef0123456789abcdef", ""},
	{"/default/nerdctl-" ID ".scope", "containerd", "4f9d1c0a2b7e", "", ""},
	{"/k8s.io/" ID, NULL, "4f9d1c0a2b7e", "", ""},
	{"/default/" ID, NULL, "4f9d1c0a2b7e", "", ""},
	/* CRI-O, and its monitor, which is not in the container. */
	{"/kubepods.slice/kubepods-pod" POD_SLICE ".slice/crio-" ID ".scope", "cri-o",
	 "4f9d1c0a2b7e", POD, ""},
	{"/kubepods/besteffort/pod" POD "/crio-" ID, "cri-o", "4f9d1c0a2b7e", POD, ""},
	{"/kubepods.slice/kubepods-pod" POD_SLICE ".slice/crio-" ID ".scope/container", "cri-o",
	 "4f9d1c0a2b7e", POD, ""},
	{"/kubepods.slice/kubepods-pod" POD_SLICE ".slice/crio-conmon-" ID ".scope", NULL, "", POD,
	 ""},
	/* Podman, root's and a user's. */
	{"/machine.slice/libpod-" ID ".scope", "podman", "4f9d1c0a2b7e", "", ""},
	{"/machine.slice/libpod-" ID ".scope/container", "podman", "4f9d1c0a2b7e", "", ""},
	{"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope", "podman",
	 "4f9d1c0a2b7e", "", "user@1000.service"},
	{"/machine.slice/libpod-conmon-" ID ".scope", NULL, "", "", ""},
	{"/machine.slice/machine-libpod_pod_" ID2 ".slice/libpod-" ID ".scope/container", "podman",
	 "4f9d1c0a2b7e", "", ""},
	{"/user.slice/user-1000.slice/user@1000.service/user.slice/user-libpod_pod_" ID2
	 ".slice/libpod-" ID ".scope/container",
	 "podman", "4f9d1c0a2b7e", "", "user@1000.service"},
	{"/libpod_parent/libpod-" ID, "podman", "4f9d1c0a2b7e", "", ""},
	{"/libpod_parent/libpod-conmon-" ID, NULL, "", "", ""},
	/* Podman within a service, as Quadlet starts it; the monitor is beside the container. */
	{"/system.slice/web.service/libpod-payload-" ID, "podman", "4f9d1c0a2b7e", "",
	 "web.service"},
	{"/user.slice/user-1000.slice/user@1000.service/app.slice/web.service/libpod-payload-" ID
	 "/container",
	 "podman", "4f9d1c0a2b7e", "", "web.service"},
	{"/system.slice/web.service/runtime", NULL, "", "", "web.service"},
	/* Elastic Container Service. */
	{"/ecs/0123456789abcdef0123456789abcdef/" ID, NULL, "4f9d1c0a2b7e", "", ""},
	/* LXC and LXD, old and new. */
	{"/lxc.payload.web-1", "lxc", "web-1", "", ""},
	{"/lxc.payload/web-1/system.slice/ssh.service", "lxc", "web-1", "", "ssh.service"},
	{"/lxc/web-1/init.scope", "lxc", "web-1", "", "init.scope"},
	{"/lxc.monitor.web-1", NULL, "", "", ""},
	/* Incus: in a project, and what it runs inside; an unprivileged user's. */
	{"/lxc.payload.prod_web-1/.lxc", "lxc", "prod_web-1", "", ""},
	{"/lxc.payload.web-1/system.slice/docker-" ID ".scope", "docker", "4f9d1c0a2b7e", "", ""},
	{"/user.slice/user-1000.slice/user@1000.service/app.slice/lxc.payload.c1/init.scope", "lxc",
	 "c1", "", "init.scope"},
	{"/lxc.pivot", NULL, "", "", ""},
	/* Machines of systemd: containers of nspawn, and virtual ones. */
	{"/machine.slice/systemd-nspawn@build.service/payload", "nspawn", "build", "", ""},
	{"/machine.slice/machine-build.scope/payload/system.slice/ssh.service", "machine", "build",
	 "", "ssh.service"},
	{"/machine.slice/machine-debian\\x2dtree.scope/payload", "machine", "debian-tree", "", ""},
	{"/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/emulator", "machine", "qemu-1-vm", "", ""},
	/* Units of systemd, the system's and a user's. */
	{"/system.slice/ssh.service", NULL, "", "", "ssh.service"},
	{"/system.slice/system-getty.slice/getty@tty1.service", NULL, "", "", "getty@tty1.service"},
	{"/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-77.scope", NULL, "",
	 "", "app-firefox-77.scope"},
	{"/user.slice/user-1000.slice/session-3.scope", NULL, "", "", "session-3.scope"},
	{"/init.scope", NULL, "", "", "init.scope"},
	/* A container in a container: a node of kind, or docker in docker. */
	{"/docker/" ID2 "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" POD_SLICE
	 ".slice/cri-containerd-" ID ".scope",
	 "containerd", "4f9d1c0a2b7e", POD, ""},
	{"/system.slice/docker-" ID2 ".scope/kubelet.slice/kubelet-kubepods.slice/"
	 "kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod" POD_SLICE
	 ".slice/cri-containerd-" ID ".scope",
	 "containerd", "4f9d1c0a2b7e", POD, ""},
	{"/docker/" ID2 "/kubelet/kubepods/burstable/pod" POD "/" ID, NULL, "4f9d1c0a2b7e", POD,
	 ""},
	{"/docker/" ID2 "/system.slice/containerd.service", "docker", "aaaabbbbcccc", "",
	 "containerd.service"},
	/* From inside a control group namespace. */
	{"/../" ID, NULL, "4f9d1c0a2b7e", "", ""},
	/* Nothing of the kind. */
	{"/", NULL, "", "", ""},
	{"", NULL, "", "", ""},
	{"/user.slice", NULL, "", "", ""},
	{"/docker", NULL, "", "", ""},
	{"/docker/4f9d1c0a2b7e", NULL, "", "", ""},
	{"/system.slice/docker-4f9d1c0a2b7e.scope", NULL, "", "", "docker-4f9d1c0a2b7e.scope"},
	{"/podman", NULL, "", "", ""},
	{"/kubepods.slice/kubepods-pod.slice", NULL, "", "", ""},
	{"/kubepods/podcafe", NULL, "", "", ""},
	{":", NULL, "", "", ""},
	{"/.service", NULL, "", "", ""},
};

static void test_container_paths(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct container c;

		container_of_path(cases[i].path, &c);
		if (strcmp(c.name, cases[i].name) != 0 || strcmp(c.pod, cases[i].pod) != 0 ||
		    strcmp(c.unit, cases[i].unit) != 0)
			print_message("%s: name \"%s\" pod \"%s\" unit \"%s\"\n", cases[i].path,
				      c.name, c.pod, c.unit);
		assert_string_equal(c.name, cases[i].name);
		assert_string_equal(c.pod, cases[i].pod);
		assert_string_equal(c.unit, cases[i].unit);
		if (cases[i].engine)
			assert_string_equal(c.engine, cases[i].engine);
		else
			assert_null(c.engine);
	}
}

/* A path may be as long as it likes, and have any bytes. */
static void test_container_hostile(void **state)
{
	char path[4096];
	struct container c;

	memset(path, 'x', sizeof(path));
	memcpy(path, "/lxc.payload.", 13);
	path[sizeof(path) - 1] = 0;
	container_of_path(path, &c);
	assert_int_equal(strlen(c.name), CONTAINER_NAME_MAX - 1);
	memset(path, '/', sizeof(path) - 1);
	container_of_path(path, &c);
	assert_string_equal(c.name, "");
	memset(path, 'd', sizeof(path) - 1);
	container_of_path(path, &c);
	assert_string_equal(c.pod, "");
	container_of_path("/machine.slice/machine-\\x0.scope", &c);
	assert_string_equal(c.name, "\\x0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_container_paths),
		cmocka_unit_test(test_container_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
