# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# Sourced by scripts/try, scripts/test, scripts/gates and scripts/cross-test: installs missing packages
# on Debian. Needs the network only when a package is missing.

need_packages() {
	local missing=() p sudo='' policy=/usr/sbin/policy-rc.d made='' ok=1
	for p; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || missing+=("$p")
	done
	[ ${#missing[@]} != 0 ] || return 0
	[ "$(id -u)" = 0 ] || sudo=sudo
	echo "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	# A server that is installed for a test is not to be started: invoke-rc.d asks this script.
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null && $sudo chmod 755 $policy && made=1
	fi
	# The package lists of a fresh machine are empty, and those of an old one out of date.
	{ $sudo apt-get update -q && $sudo apt-get install -qy --no-install-recommends "${missing[@]}"; } \
		</dev/null >/tmp/tcptape-apt.$$ 2>&1 || ok=0
	[ -z "$made" ] || $sudo rm -f $policy
	[ $ok = 1 ] || { cat /tmp/tcptape-apt.$$; rm -f /tmp/tcptape-apt.$$; return 1; }
	rm -f /tmp/tcptape-apt.$$
}

build_packages=(gcc libc6-dev meson ninja-build pkg-config
	libtraceevent-dev libtracefs-dev libzstd-dev libxxhash-dev libseccomp-dev libcmocka-dev scdoc)
# npm, which fetches the chart library of HTML reports, is often installed without a Debian package.
command -v npm >/dev/null || build_packages+=(nodejs npm)
traffic_packages=(nftables iproute2 python3)
# Real servers and what drives them, for the exam, which runs them itself.
server_packages=(nginx-light haproxy redis-server redis-tools wrk)
gate_packages=(clang clang-tidy cppcheck shellcheck pyflakes3 codespell git
	gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static gcc-i686-linux-gnu libc6-dev-i386-cross)
# What scripts/cross-test takes from another architecture.
foreign_packages=(libzstd1 libzstd-dev libxxhash0 libxxhash-dev libcmocka0 libcmocka-dev
	libtraceevent1 libtraceevent-dev libtracefs1 libtracefs-dev libseccomp2 libseccomp-dev)
