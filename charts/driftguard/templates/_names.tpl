{{- define "driftguard.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- /* What everything's name starts with; short enough for "-gateway" and what a StatefulSet adds. */ -}}
{{- define "driftguard.fullname" -}}
{{- $name := include "driftguard.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.selectorLabels" -}}
app.kubernetes.io/name: {{ include "driftguard.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{- /* Of everything but selectors and volume claims, which cannot change. */ -}}
{{- define "driftguard.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: driftguard
{{ if .role -}}
{{ include "driftguard.selectorLabels" . }}
{{- else -}}
app.kubernetes.io/name: {{ include "driftguard.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "driftguard.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "driftguard.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.operatorServiceAccountName" -}}
{{- with .Values.operator.serviceAccount -}}
{{- if .create -}}
{{- default (printf "%s-operator" (include "driftguard.fullname" $)) .name -}}
{{- else -}}
{{- default "default" .name -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "driftguard.imageOf" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "driftguard.image" -}}
{{ include "driftguard.imageOf" (dict "root" . "image" .Values.image) }}
{{- end -}}

{{- /* The roles that answer over HTTP in this mode. */ -}}
{{- define "driftguard.roles" -}}
{{- if eq .Values.mode "embedded" }}["embedded"]{{ else }}["worker","gateway","api"]{{ end -}}
{{- end -}}

{{- define "driftguard.serviceName" -}}
{{- if eq .role "embedded" -}}
{{ include "driftguard.fullname" .root }}
{{- else -}}
{{ printf "%s-%s" (include "driftguard.fullname" .root) .role }}
{{- end -}}
{{- end -}}

{{- /* Where the management API is. */ -}}
{{- define "driftguard.serverUrl" -}}
{{- $role := ternary "embedded" "api" (eq .Values.mode "embedded") -}}
{{ include "driftguard.scheme" . }}://{{ include "driftguard.serviceName" (dict "root" . "role" $role) }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
{{- end -}}

{{- define "driftguard.replicas" -}}
{{- $replicas := (index .root.Values .role).replicas -}}
{{- if kindIs "invalid" $replicas }}2{{ else }}{{ int $replicas }}{{ end -}}
{{- end -}}
