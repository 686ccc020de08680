{{- define "driftguard.configFolder" -}}/etc/driftguard{{- end -}}
{{- define "driftguard.secretsFolder" -}}/run/secrets/driftguard{{- end -}}
{{- define "driftguard.calibrationFolder" -}}/calibration-sets{{- end -}}

{{- /* A value of config by its path, as text; empty where it is not set. */ -}}
{{- define "driftguard.setting" -}}
{{- $at := .root.Values.config -}}
{{- range splitList "." .path -}}
{{- $at = ternary (get (default (dict) $at) .) "" (kindIs "map" $at) -}}
{{- end -}}
{{- if not (kindIs "invalid" $at) }}{{ toString $at }}{{ end -}}
{{- end -}}

{{- define "driftguard.dataDirectory" -}}
{{- include "driftguard.setting" (dict "root" . "path" "dataDirectory") | default "/var/lib/driftguard" | trimSuffix "/" -}}
{{- end -}}

{{- define "driftguard.address" -}}
{{- include "driftguard.setting" (dict "root" . "path" "http.address") | default "http://127.0.0.1:8470" | trimSuffix "/" -}}
{{- end -}}

{{- define "driftguard.scheme" -}}
{{- ternary "https" "http" (hasPrefix "https://" (include "driftguard.address" .)) -}}
{{- end -}}

{{- define "driftguard.port" -}}
{{- $port := regexFind ":[0-9]+$" (include "driftguard.address" .) | trimPrefix ":" -}}
{{- $port | default (ternary "443" "80" (eq (include "driftguard.scheme" .) "https")) -}}
{{- end -}}

{{- /* The port of an address such as http://qdrant:6334. */ -}}
{{- define "driftguard.portOf" -}}
{{- regexFind ":[0-9]+$" (trimSuffix "/" .) | trimPrefix ":" | default (ternary "443" "80" (hasPrefix "https://" .)) -}}
{{- end -}}

{{- /* A duration such as 1h30m or 00:00:30 in whole seconds, rounded up. */ -}}
{{- define "driftguard.seconds" -}}
{{- $text := trim (toString .value) -}}
{{- if eq $text "0" -}}
0
{{- else if regexMatch "^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$" $text -}}
{{- $parts := splitList ":" $text -}}
{{- add (mul 3600 (atoi (index $parts 0 | trimPrefix "0"))) (mul 60 (atoi (index $parts 1 | trimPrefix "0"))) (atoi (ternary (last $parts) "0" (eq (len $parts) 3) | trimPrefix "0")) -}}
{{- else if regexMatch "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$" $text -}}
{{- $seconds := 0 -}}
{{- range regexFindAll "[0-9]+(ms|d|h|m|s)" $text -1 -}}
{{- $unit := regexFind "[a-z]+" . -}}
{{- $count := regexFind "^[0-9]+" . | atoi -}}
{{- $seconds = add $seconds (ternary 1 (mul $count (get (dict "d" 86400 "h" 3600 "m" 60 "s" 1 "ms" 0) $unit)) (eq $unit "ms")) -}}
{{- end -}}
{{- $seconds -}}
{{- else -}}
{{- fail (printf "config.%s: expected a duration such as 30s or 1m30s, found '%s'" .path $text) -}}
{{- end -}}
{{- end -}}

{{- /* Long enough for draining and for what is in hand; the defaults are the program's. */ -}}
{{- define "driftguard.gracePeriod" -}}
{{- $drain := include "driftguard.seconds" (dict "path" "http.drain" "value" (include "driftguard.setting" (dict "root" . "path" "http.drain") | default "5s")) -}}
{{- $shutdown := include "driftguard.seconds" (dict "path" "http.shutdownTimeout" "value" (include "driftguard.setting" (dict "root" . "path" "http.shutdownTimeout") | default "30s")) -}}
{{- add (atoi $drain) (atoi $shutdown) 10 -}}
{{- end -}}

{{- /* driftguard.yaml: the values under config, and where the chart mounts calibration sets. */ -}}
{{- define "driftguard.yaml" -}}
{{- $config := deepCopy .Values.config -}}
{{- if .Values.calibrationSets -}}
{{- $sets := default (dict) (get $config "calibrationSets") -}}
{{- $roots := append (default (list) (get $sets "roots")) (include "driftguard.calibrationFolder" .) -}}
{{- $_ := set $config "calibrationSets" (set $sets "roots" $roots) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "driftguard.hasLock" -}}
{{- if or .Values.modelLock.content .Values.modelLock.configMap }}true{{ end -}}
{{- end -}}
