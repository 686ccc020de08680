{{- /* What cannot work is refused here, with the key and what to do. Each check is one question. */ -}}
{{- define "driftguard.checks" -}}
{{- include "driftguard.checkMode" . -}}
{{- include "driftguard.checkHttp" . -}}
{{- include "driftguard.checkSecrets" . -}}
{{- include "driftguard.checkMounts" . -}}
{{- include "driftguard.checkModels" . -}}
{{- include "driftguard.checkScaling" . -}}
{{- include "driftguard.checkMonitoring" . -}}
{{- include "driftguard.checkOperator" . -}}
{{- end -}}

{{- define "driftguard.checkMode" -}}
{{- $address := include "driftguard.setting" (dict "root" . "path" "qdrant.address") -}}
{{- $file := include "driftguard.setting" (dict "root" . "path" "state.connectionFile") -}}
{{- $variables := list -}}
{{- range concat .Values.env .Values.worker.env }}{{ $variables = append $variables (upper .name) }}{{ end -}}
{{- $connected := or $file (has "DRIFTGUARD__STATE__CONNECTION" $variables) (has "DRIFTGUARD__STATE__CONNECTIONFILE" $variables) -}}
{{- if eq .Values.mode "embedded" -}}
{{- if $connected }}{{ fail "config.state.connectionFile: a shared state is for several processes, and mode is embedded: set mode: cluster, or leave it out" }}{{ end -}}
{{- range $role := list "worker" "gateway" "api" -}}
{{- $replicas := (index $.Values $role).replicas -}}
{{- if and (not (kindIs "invalid" $replicas)) (gt (int $replicas) 0) }}{{ fail (printf "%s.replicas: in mode embedded one process does everything, and its SQLite and Qdrant belong to it alone: set mode: cluster with config.state.connectionFile and config.qdrant.address, or leave it out" $role) }}{{ end -}}
{{- end -}}
{{- if .Values.gateway.autoscaling.enabled }}{{ fail "gateway.autoscaling.enabled: in mode embedded there is one process and nothing to scale: set mode: cluster, or leave it out" }}{{ end -}}
{{- else -}}
{{- if not $connected }}{{ fail "config.state.connectionFile: mode cluster needs PostgreSQL, which workers, gateways and the API share: name its Secret under secrets and the mounted file here, or set DRIFTGUARD__STATE__CONNECTION in env" }}{{ end -}}
{{- if and (not $address) (not (has "DRIFTGUARD__QDRANT__ADDRESS" $variables)) }}{{ fail "config.qdrant.address: mode cluster needs a Qdrant server that all pods share, such as http://qdrant:6334" }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.checkHttp" -}}
{{- $address := include "driftguard.address" . -}}
{{- if not (regexMatch "^https?://[^/]+$" $address) }}{{ fail (printf "config.http.address: expected an address such as http://0.0.0.0:8470, found '%s'" $address) }}{{ end -}}
{{- if regexMatch "^https?://(127\\.|localhost|\\[::1\\])" $address }}{{ fail (printf "config.http.address: %s is the pod's own loopback interface, where neither probes nor the Service reach it: set http://0.0.0.0:8470" $address) }}{{ end -}}
{{- if hasSuffix ":0" $address }}{{ fail "config.http.address: port 0 takes a free one, and the Service needs to know which: set one, such as 8470" }}{{ end -}}
{{- if lt (atoi (include "driftguard.port" .)) 1024 }}{{ fail (printf "config.http.address: a port below 1024 is not for a process without privileges: use %s:8470, and service.port for the Service's" (regexReplaceAll ":[0-9]+$" $address "")) }}{{ end -}}
{{- $certificate := include "driftguard.setting" (dict "root" . "path" "http.certificateFile") -}}
{{- $key := include "driftguard.setting" (dict "root" . "path" "http.certificateKeyFile") -}}
{{- if and (eq (include "driftguard.scheme" .) "https") (not (and $certificate $key)) }}{{ fail "config.http.certificateFile: an https:// address needs a certificate and config.http.certificateKeyFile: name their Secret under secrets and the mounted files here" }}{{ end -}}
{{- if and (eq (include "driftguard.scheme" .) "http") (or $certificate $key) }}{{ fail "config.http.certificateFile: a certificate is of use only with an https:// address in config.http.address" }}{{ end -}}
{{- $_ := include "driftguard.gracePeriod" . -}}
{{- end -}}

{{- define "driftguard.checkSecrets" -}}
{{- range $path, $instead := dict "state.connection" "state.connectionFile" "qdrant.apiKey" "qdrant.apiKeyFile" "telemetry.otlp.headers" "telemetry.otlp.headersFile" -}}
{{- if include "driftguard.setting" (dict "root" $ "path" $path) }}{{ fail (printf "config.%s: a secret does not belong into a ConfigMap: name its Secret under secrets and set config.%s to the mounted file" $path $instead) }}{{ end -}}
{{- end -}}
{{- range $i, $webhook := dig "notifications" "webhooks" list .Values.config -}}
{{- range $key := list "url" "secret" "headers" -}}
{{- if get $webhook $key }}{{ fail (printf "config.notifications.webhooks[%d].%s: a secret does not belong into a ConfigMap: name its Secret under secrets and set %sFile to the mounted file" $i $key $key) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- range $i, $index := dig "indexes" list .Values.config -}}
{{- if dig "source" "connection" "" $index }}{{ fail (printf "config.indexes[%d].source.connection: a secret does not belong into a ConfigMap: name its Secret under secrets and set connectionFile to the mounted file" $i) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* Every text of config with its path, as "path=text" a line. */ -}}
{{- define "driftguard.texts" -}}
{{- if kindIs "map" .value -}}
{{- range $key, $value := .value }}{{ include "driftguard.texts" (dict "path" (printf "%s.%s" $.path $key) "value" $value) }}{{ end -}}
{{- else if kindIs "slice" .value -}}
{{- range $i, $value := .value }}{{ include "driftguard.texts" (dict "path" (printf "%s[%d]" $.path $i) "value" $value) }}{{ end -}}
{{- else if kindIs "string" .value -}}
{{ printf "%s=%s\n" .path (replace "\n" " " .value) }}
{{- end -}}
{{- end -}}

{{- define "driftguard.checkMounts" -}}
{{- $folder := printf "%s/" (include "driftguard.secretsFolder" .) -}}
{{- $mounted := list -}}
{{- range $i, $secret := .Values.secrets -}}
{{- if has $secret.name $mounted }}{{ fail (printf "secrets[%d].name: '%s' is there twice" $i $secret.name) }}{{ end -}}
{{- $mounted = append $mounted $secret.name -}}
{{- end -}}
{{- $texts := include "driftguard.texts" (dict "path" "config" "value" .Values.config) -}}
{{- range $line := splitList "\n" $texts -}}
{{- $path := index (splitList "=" $line) 0 -}}
{{- $value := trimPrefix (printf "%s=" $path) $line -}}
{{- if hasPrefix $folder $value -}}
{{- $name := index (splitList "/" (trimPrefix $folder $value)) 0 -}}
{{- if not (has $name $mounted) }}{{ fail (printf "%s: nothing is mounted at %s%s: add { name: %s, secretName: ... } to secrets" $path $folder $name $name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $sets := list -}}
{{- range $i, $set := .Values.calibrationSets -}}
{{- if has $set.name $sets }}{{ fail (printf "calibrationSets[%d].name: '%s' is there twice" $i $set.name) }}{{ end -}}
{{- $sets = append $sets $set.name -}}
{{- if eq (empty $set.configMap) (empty $set.volume) }}{{ fail (printf "calibrationSets[%d]: where is the set '%s'? Name either configMap or volume" $i $set.name) }}{{ end -}}
{{- end -}}
{{- with include "driftguard.setting" (dict "root" . "path" "rollout.snapshots") -}}
{{- $writable := list (include "driftguard.dataDirectory" $) -}}
{{- range $.Values.volumeMounts }}{{ if not .readOnly }}{{ $writable = append $writable (trimSuffix "/" .mountPath) }}{{ end }}{{ end -}}
{{- $found := false -}}
{{- $snapshots := . -}}
{{- range $at := $writable }}{{ if hasPrefix (printf "%s/" $at) (printf "%s/" $snapshots) }}{{ $found = true }}{{ end }}{{ end -}}
{{- if not $found }}{{ fail (printf "config.rollout.snapshots: %s is on the read-only root file system: mount a volume there with volumes and volumeMounts, or choose a folder in config.dataDirectory" .) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.checkModels" -}}
{{- if and .Values.modelLock.content .Values.modelLock.configMap }}{{ fail "modelLock.configMap: set either it or modelLock.content, not both" }}{{ end -}}
{{- if and .Values.modelLock.pull (not (include "driftguard.hasLock" .)) }}{{ fail "modelLock.pull: what is pulled? Give models.lock.yaml with --set-file modelLock.content=models.lock.yaml, or name its ConfigMap in modelLock.configMap" }}{{ end -}}
{{- with include "driftguard.setting" (dict "root" . "path" "models.lockFile") -}}
{{- if include "driftguard.hasLock" $ }}{{ fail "config.models.lockFile: modelLock is mounted beside driftguard.yaml, where it is found by itself: leave one of the two out" }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.checkScaling" -}}
{{- with .Values.gateway.autoscaling -}}
{{- if .enabled -}}
{{- if gt (int .minReplicas) (int .maxReplicas) }}{{ fail "gateway.autoscaling.minReplicas: more than maxReplicas" }}{{ end -}}
{{- if not (kindIs "invalid" $.Values.gateway.replicas) }}{{ fail "gateway.replicas: the autoscaler decides; set gateway.autoscaling.minReplicas and maxReplicas instead" }}{{ end -}}
{{- if and .targetCPUUtilizationPercentage (not (dig "requests" "cpu" "" $.Values.gateway.resources)) }}{{ fail "gateway.autoscaling.targetCPUUtilizationPercentage: is a share of gateway.resources.requests.cpu, which is not set" }}{{ end -}}
{{- if not (or .targetCPUUtilizationPercentage .metrics) }}{{ fail "gateway.autoscaling: by what? Set targetCPUUtilizationPercentage or metrics" }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.checkMonitoring" -}}
{{- if .Values.serviceMonitor.enabled -}}
{{- if eq (include "driftguard.setting" (dict "root" . "path" "telemetry.prometheus")) "false" }}{{ fail "serviceMonitor.enabled: config.telemetry.prometheus is false, so there is nothing to scrape" }}{{ end -}}
{{- if not (or .Values.serviceMonitor.authorization (eq (include "driftguard.setting" (dict "root" . "path" "security.openMetrics")) "true")) }}{{ fail "serviceMonitor.authorization: /metrics takes an API key of the role viewer: name its Secret, as in { credentials: { name: driftguard-metrics, key: key } }, or set config.security.openMetrics: true" }}{{ end -}}
{{- if and (eq (include "driftguard.scheme" .) "https") (not .Values.serviceMonitor.tlsConfig) }}{{ fail "serviceMonitor.tlsConfig: how is the https:// address trusted? Name the authority, as in { ca: { secret: { name: ..., key: ca.crt } }, serverName: ... }" }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.checkOperator" -}}
{{- with .Values.operator -}}
{{- if and .enabled (not .apiKey.secretName) }}{{ fail "operator.apiKey.secretName: the operator asks the management API with a key of the role admin: make one with `driftguard key create operator --role admin`, put it into a Secret and name that here" }}{{ end -}}
{{- if and .enabled (has "*" .watchNamespaces) (gt (len .watchNamespaces) 1) }}{{ fail "operator.watchNamespaces: '*' is all of them: leave the others out" }}{{ end -}}
{{- if and .enabled (not .rbac.create) .serviceAccount.create }}{{ fail "operator.rbac.create: the account that the chart makes may do nothing without: set it, or name an account that may in operator.serviceAccount" }}{{ end -}}
{{- end -}}
{{- end -}}
